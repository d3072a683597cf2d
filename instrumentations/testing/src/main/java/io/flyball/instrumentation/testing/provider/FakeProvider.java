package io.flyball.instrumentation.testing.provider;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.TrustManagerFactory;

/**
 * A model provider on the loopback interface that does exactly what its script says and keeps every
 * byte that it is sent. HTTP/1.1, plain or TLS.
 *
 * <p>Each connection has a thread that reads ahead, so that a client's leaving is seen at once, and
 * one that answers.
 */
public final class FakeProvider implements Closeable {
  private static final String KEYSTORE = "localhost.p12";
  private static final char[] KEYSTORE_PASSWORD = "flyball".toCharArray();

  private final ServerSocket server;
  private final String scheme;
  private final Function<RecordedRequest, Answer> fallback;
  private final ConcurrentLinkedQueue<Answer> script = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<RecordedRequest> unread = new LinkedBlockingQueue<>();
  private final List<RecordedRequest> requests = new CopyOnWriteArrayList<>();
  private final List<Wire> connections = new CopyOnWriteArrayList<>();
  private final List<Thread> threads = Collections.synchronizedList(new ArrayList<Thread>());

  private FakeProvider(
      ServerSocket server, String scheme, Function<RecordedRequest, Answer> fallback) {
    this.server = server;
    this.scheme = scheme;
    this.fallback = fallback;
    start("accept", this::accept);
  }

  /** On a free port, plain; what no script was given for is answered with a canned chat. */
  public static FakeProvider start() throws IOException {
    return start(0, request -> CannedAnswers.chat());
  }

  /**
   * Plain.
   *
   * @param port 0 for any free one
   * @param fallback answers what no script was given for
   */
  public static FakeProvider start(int port, Function<RecordedRequest, Answer> fallback)
      throws IOException {
    ServerSocket server = new ServerSocket(port, 100, InetAddress.getByName("127.0.0.1"));
    return new FakeProvider(server, "http", fallback);
  }

  /**
   * On a free port with TLS; clients that use {@link #trustingClient()} accept it. Asks clients for
   * their certificates, but does not insist.
   */
  public static FakeProvider startTls() throws IOException {
    ServerSocket server =
        trustingClient()
            .getServerSocketFactory()
            .createServerSocket(0, 100, InetAddress.getByName("127.0.0.1"));
    ((SSLServerSocket) server).setWantClientAuth(true);
    return new FakeProvider(server, "https", request -> CannedAnswers.chat());
  }

  /**
   * A TLS context that trusts the self-signed certificate for localhost and 127.0.0.1, and
   * identifies itself with it.
   */
  public static SSLContext trustingClient() {
    try {
      KeyStore keys = certificate();
      KeyManagerFactory keyManagers =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keyManagers.init(keys, KEYSTORE_PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers.getKeyManagers(), trust().getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The trust managers of {@link #trustingClient()}. */
  public static TrustManagerFactory trust() {
    try {
      KeyStore keys = certificate();
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      trusted.setCertificateEntry("fake", keys.getCertificate("fake"));
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      return trust;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static KeyStore certificate() throws GeneralSecurityException, IOException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = FakeProvider.class.getResourceAsStream(KEYSTORE)) {
      keys.load(in, KEYSTORE_PASSWORD);
    }
    return keys;
  }

  /** Answers the next requests, one each, in this order. */
  public FakeProvider answer(Answer... answers) {
    Collections.addAll(script, answers);
    return this;
  }

  public int port() {
    return server.getLocalPort();
  }

  /** For example {@code http://127.0.0.1:4711}, without a slash at the end. */
  public String url() {
    return scheme + "://127.0.0.1:" + port();
  }

  /** Requests completely read so far, in the order of their arrival. */
  public List<RecordedRequest> requests() {
    return Collections.unmodifiableList(requests);
  }

  /** Connections accepted so far. */
  public List<Wire> connections() {
    return Collections.unmodifiableList(connections);
  }

  /**
   * Takes the next request that was not taken yet, waiting for it.
   *
   * @throws IllegalStateException after 30 seconds
   */
  public RecordedRequest takeRequest() throws InterruptedException {
    RecordedRequest request = unread.poll(30, TimeUnit.SECONDS);
    if (request == null) {
      throw new IllegalStateException("no request within 30 s");
    }
    return request;
  }

  /** Stops listening and breaks off what is open. */
  @Override
  public void close() throws IOException {
    server.close();
    for (Wire connection : connections) {
      connection.close();
    }
    synchronized (threads) {
      for (Thread thread : threads) {
        thread.interrupt();
      }
    }
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Wire wire = new Wire(socket);
        int number = connections.size();
        connections.add(wire);
        BlockingQueue<RecordedRequest> toAnswer = new LinkedBlockingQueue<>();
        Thread answerer = start("answer-" + number, () -> answerAll(wire, toAnswer));
        start("read-" + number, () -> readAll(socket, wire, number, toAnswer, answerer));
      } catch (IOException closedOrAborted) {
        // Either this provider is closed and the loop ends, or one client gave up too early.
      }
    }
  }

  private void readAll(
      Socket socket,
      Wire wire,
      int number,
      BlockingQueue<RecordedRequest> toAnswer,
      Thread answerer) {
    try {
      RequestReader reader =
          new RequestReader(new BufferedInputStream(socket.getInputStream()), wire, number);
      for (RecordedRequest request = reader.next(); request != null; request = reader.next()) {
        requests.add(request);
        unread.add(request);
        toAnswer.add(request);
      }
    } catch (IOException clientGone) {
      // What the test wants to know of it is said below.
    } finally {
      wire.clientClosed();
      answerer.interrupt();
      closeQuietly(wire);
    }
  }

  private void answerAll(Wire wire, BlockingQueue<RecordedRequest> toAnswer) {
    try {
      while (!wire.isClosed()) {
        RecordedRequest request = toAnswer.take();
        Answer scripted = script.poll();
        (scripted != null ? scripted : fallback.apply(request)).run(wire);
      }
    } catch (IOException | InterruptedException clientGone) {
      closeQuietly(wire);
    }
  }

  private static void closeQuietly(Wire wire) {
    try {
      wire.close();
    } catch (IOException alreadyBroken) {
      // There is nobody left to tell.
    }
  }

  private Thread start(String name, Runnable work) {
    Thread thread = new Thread(work, "fake-provider-" + name);
    thread.setDaemon(true);
    threads.add(thread);
    thread.start();
    return thread;
  }
}
