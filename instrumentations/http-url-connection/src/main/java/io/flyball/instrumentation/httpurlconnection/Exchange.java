package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Gateway;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.SocketException;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * What becomes of one connection of the application: first it is set up, then its request is
 * recorded, and the first time that something of the response is wanted it is asked whether this is
 * a model call. If not, the original connection gets what was recorded and answers everything from
 * then on; else the engine's answer does.
 *
 * <p>The original connects where the application has it connect, so that it fails there, and its
 * certificates are there, before anything is sent; the first attempt goes over it. Only where the
 * user has named who answers for a host that cannot be reached, nothing touches the network before
 * the request is complete: a failure to connect is then an attempt that another may make good, and
 * told by the first read when none does.
 *
 * <p>In a streaming mode the JDK sends what is written as it is written. Then the call begins when
 * the application has written all of it, and waits for its answer where the application asks for
 * that.
 */
final class Exchange {
  private static final UnaskedAnswers UNASKED = new UnaskedAnswers();
  private static final String WITHOUT_ANSWER =
      "the request is sent by a connection whose answer nobody may read (setDoInput(false))";
  private static final String NOT_DESCRIBED =
      "the request has a header without a value, or waits for its server (Expect)";
  private static final String NOT_HELD =
      "the request's body is longer than can be held, or than it declares";

  private enum Phase {
    SETTING_UP,
    RECORDING,
    /** The request is on its way, and nobody has asked for the answer. */
    SENT,
    PASSING,
    DONE
  }

  private final Gateway gateway;
  private final RealConnections connections;
  private final URL url;
  private final Proxy proxy;
  private final RequestSettings settings;
  private final Connecting connecting;
  private final ReentrantLock lock = new ReentrantLock();

  private volatile Phase phase = Phase.SETTING_UP;
  private volatile HttpURLConnection original;
  private RecordedOutput output;

  /** What the application writes to. */
  private OutputStream handedOut;

  /** Whether the original was told to connect, and was not left since. */
  private volatile boolean originalConnected;

  /** Whether the application has disconnected. */
  private volatile boolean left;

  private GovernedCall.Begun begun;
  private Runnable answerAsked;
  private volatile GovernedCall call;
  private volatile ConnectionTransport transport;
  private volatile Answer answer;
  private volatile Remembered failure;

  /**
   * @param url as the application asked for it, with the handler that opened it
   * @param original what the JDK opened; only set up so far
   * @param proxy null when the application named none
   */
  Exchange(
      Gateway gateway,
      RealConnections connections,
      URL url,
      HttpURLConnection original,
      Proxy proxy) {
    this.gateway = gateway;
    this.connections = connections;
    this.url = url;
    this.original = original;
    this.proxy = proxy;
    this.settings = new RequestSettings(original);
    this.connecting = new Connecting(gateway);
  }

  RequestSettings settings() {
    return settings;
  }

  /** Whether the original is not to be told of that header before it is known where it goes. */
  boolean withholds(String name, String value) {
    return phase == Phase.SETTING_UP
        && RequestSettings.mayBeWithheld(name, value)
        && !gateway.observesOnly();
  }

  /** Whether the application believes to be connected, and the original does not know of it. */
  boolean isBegun() {
    ConnectionTransport used = transport;
    boolean originalKnows = originalConnected || (used != null && used.isOriginalUsed());
    Phase now = phase;
    return now != Phase.SETTING_UP && now != Phase.PASSING && !originalKnows && !left;
  }

  /** The original where it answers everything; else null. */
  HttpURLConnection passedTo() {
    return phase == Phase.PASSING ? original : null;
  }

  void connect() throws IOException {
    lock.lock();
    try {
      begin(original.getDoOutput());
      if (phase == Phase.PASSING) {
        original.connect();
      } else if (phase == Phase.RECORDING && connectsAtOnce()) {
        connectOriginal();
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean connectsAtOnce() {
    return !gateway.answersForUnreachable();
  }

  private void connectOriginal() throws IOException {
    if (original.getDoOutput() && settings.isStreaming()) {
      // It becomes one in any case, and could not be told later.
      makePost();
    }
    connect(original::connect);
  }

  private void connect(Connecting.Step step) throws IOException {
    originalConnected = true;
    connecting.connect(step, this::head);
  }

  private WireRequest head() {
    return head(original, url, settings);
  }

  private static WireRequest head(HttpURLConnection of, URL url, RequestSettings settings) {
    String method = of.getRequestMethod();
    boolean becomesPost = of.getDoOutput() && method.equals("GET");
    return new WireRequest(
        becomesPost ? "POST" : method, Addresses.of(url), settings.headers(), new byte[0]);
  }

  private void makePost() throws IOException {
    if (original.getRequestMethod().equals("GET")) {
      original.setRequestMethod("POST");
    }
  }

  /** The application wants to write: the original connects, and the request is not begun. */
  private void beginOutput() throws IOException {
    if (!originalConnected && !connectsAtOnce()) {
      makePost();
    } else if (settings.isStreaming()) {
      connectOriginal();
    } else {
      connect(original::getOutputStream);
    }
  }

  OutputStream output() throws IOException {
    lock.lock();
    try {
      if (phase == Phase.SETTING_UP && !original.getDoOutput()) {
        // It objects, and can still be told that there is output.
        OutputStream ofNoOutput = original.getOutputStream();
        phase = Phase.PASSING;
        return ofNoOutput;
      }
      begin(true);
      if (phase == Phase.PASSING) {
        OutputStream real = original.getOutputStream();
        return output == null ? real : handedOut;
      }
      if (phase == Phase.DONE) {
        if (failure != null && isOriginalUsed()) {
          return original.getOutputStream();
        }
        if (output == null || answer == null || !answer.isLeft()) {
          throw new ProtocolException("Cannot write output after reading input.");
        }
      }
      if (output == null) {
        beginOutput();
        output =
            new RecordedOutput(
                original,
                settings,
                gateway.maxRequestBytes(),
                gateway.mustRead(),
                refusal(gateway, original, url, settings));
        handedOut = settings.isStreaming() ? new SentOutput(output, new Completed()) : output;
      }
      return handedOut;
    } finally {
      lock.unlock();
    }
  }

  /** Must not reach the exchange. */
  private static BooleanSupplier refusal(
      Gateway gateway, HttpURLConnection original, URL url, RequestSettings settings) {
    return () -> gateway.refusesUnseen(head(original, url, settings).unread(NOT_HELD));
  }

  /** What the JDK would have sent by now is sent. */
  private final class Completed implements SentOutput.Complete {
    @Override
    public void send() throws IOException {
      lock.lock();
      try {
        if (phase == Phase.RECORDING && !left && !output.isLive() && !output.isRefused()) {
          make(true);
        }
      } finally {
        lock.unlock();
      }
    }

    @Override
    public boolean isSent() {
      return phase == Phase.SENT || phase == Phase.DONE;
    }
  }

  InputStream input() throws IOException {
    lock.lock();
    try {
      settle();
      if (phase == Phase.PASSING) {
        return original.getInputStream();
      }
      if (failure != null) {
        throw failure.tell();
      }
      return answer.input();
    } finally {
      lock.unlock();
    }
  }

  InputStream errorStream() {
    if (phase == Phase.PASSING) {
      return original.getErrorStream();
    }
    Answer given = answer;
    return given == null ? null : given.errorStream();
  }

  String headerField(int n) {
    settleQuietly();
    Answer given = answer;
    if (given != null) {
      return given.headerField(n);
    }
    HttpURLConnection told = headSource();
    return told == null ? null : told.getHeaderField(n);
  }

  String headerField(String name) {
    settleQuietly();
    Answer given = answer;
    if (given != null) {
      return given.headerField(name);
    }
    HttpURLConnection told = headSource();
    return told == null ? null : told.getHeaderField(name);
  }

  String headerFieldKey(int n) {
    settleQuietly();
    Answer given = answer;
    if (given != null) {
      return given.headerFieldKey(n);
    }
    HttpURLConnection told = headSource();
    return told == null ? null : told.getHeaderFieldKey(n);
  }

  Map<String, List<String>> headerFields() {
    settleQuietly();
    Answer given = answer;
    if (given != null) {
      return given.headerFields();
    }
    HttpURLConnection told = headSource();
    return told == null ? Collections.<String, List<String>>emptyMap() : told.getHeaderFields();
  }

  /** Ends what is under way on another thread, too; does not wait for it. */
  void disconnect() {
    Answer given = answer;
    GovernedCall underWay = call;
    if (given != null) {
      given.disconnect();
    } else if (underWay != null) {
      underWay.cancel();
    }
    if (underWay == null || phase == Phase.DONE || transport.isDropped()) {
      // Of what came over another one it is to know as well: it may be set up again.
      original.disconnect();
    }
    left = true;
  }

  /** The real connection that can speak for the URL the application asked for. */
  HttpURLConnection current() {
    ConnectionTransport used = transport;
    Attempt last = used == null ? null : used.last();
    return last != null && last.isAsked() ? last.connection() : original;
  }

  /** The real connection that the answer came over: for its TLS session. */
  HttpURLConnection answering() {
    Answer given = answer;
    return given == null || given.origin() == null ? original : given.origin().connection();
  }

  /** Whether the failure is one of the original's own. */
  private boolean isOriginalUsed() {
    return transport == null ? originalConnected : transport.isOriginalUsed();
  }

  private void begin(boolean writes) throws IOException {
    if (phase != Phase.SETTING_UP) {
      return;
    }
    String method = original.getRequestMethod();
    String effective = writes && method.equals("GET") ? "POST" : method;
    boolean record =
        gateway.mayGovern(effective, url.getHost(), port(), url.getPath())
            && maySeeAll(gateway.mustRead());
    phase = record ? Phase.RECORDING : Phase.PASSING;
    if (!record) {
      tellWithheld(null);
    }
  }

  /** Of what may be a call. */
  private boolean maySeeAll(boolean mustRead) throws IOException {
    if (!original.getDoInput()) {
      if (settings.isStreaming()) {
        passUnseen(WITHOUT_ANSWER);
      }
      return false;
    }
    if (!settings.isDescribable() && !mustRead) {
      passUnseen(NOT_DESCRIBED);
      return false;
    }
    boolean tooLong = settings.fixedLength() > gateway.maxRequestBytes();
    if (tooLong && mustRead) {
      passUnseen(NOT_HELD);
    }
    return !tooLong;
  }

  /**
   * @throws IOException where it must not pass
   */
  private void passUnseen(String why) throws IOException {
    if (gateway.refusesUnseen(head().unread(why))) {
      throw new IOException(WireRequest.REFUSED_UNSEEN);
    }
  }

  /**
   * The original will send the request itself: it gets the headers that it does not have yet, if
   * they are to go with it.
   *
   * @param read the request as the engine has read it; null when it has not
   */
  private void tellWithheld(WireRequest read) {
    boolean begun = originalConnected || (output != null && output.isLive());
    if (!begun && settings.isWithholding() && !takesOwnHeadersOff(read)) {
      settings.giveWithheld();
    }
  }

  private boolean takesOwnHeadersOff(WireRequest read) {
    if (read != null) {
      return gateway.takesOwnHeadersOff(read);
    }
    String method = original.getRequestMethod();
    boolean becomesPost = original.getDoOutput() && method.equals("GET");
    return gateway.takesOwnHeadersOff(
        becomesPost ? "POST" : method, url.getHost(), port(), url.getPath());
  }

  private int port() {
    return url.getPort() >= 0 ? url.getPort() : url.getDefaultPort();
  }

  /** As the JDK's header methods: a failure counts as told, and is not. */
  private void settleQuietly() {
    lock.lock();
    try {
      settle();
      if (phase == Phase.DONE) {
        input();
      }
    } catch (IOException swallowed) {
      // The next read throws another like it.
    } finally {
      lock.unlock();
    }
  }

  /** Makes the exchange, or leaves it to the original, unless that was done before. */
  private void settle() throws IOException {
    begin(output != null);
    if (phase == Phase.RECORDING) {
      make(false);
    } else if (phase == Phase.SENT) {
      answerAsked.run();
      conclude(() -> transport.await(begun));
    }
  }

  /**
   * @param ahead whether nobody waits for the answer yet
   */
  private void make(boolean ahead) throws IOException {
    WireRequest request = recordedRequest();
    GovernedCall opened = request == null ? null : gateway.open(request);
    if (opened == null) {
      pass(request);
    } else {
      if (output != null) {
        opened.whenEnded(output.hold()::release);
      }
      govern(opened, request, ahead);
    }
  }

  /** The complete request, or null when the JDK must be left to itself. */
  private WireRequest recordedRequest() throws IOException {
    if (output != null) {
      output.throwIfRefused();
      if (!output.isLive()) {
        output.close();
      }
      if (output.isLive()) {
        return null;
      }
    } else if (settings.isStreaming()) {
      return null;
    }
    try {
      return new WireRequest(
          original.getRequestMethod(),
          Addresses.of(url),
          settings.headers(),
          output == null ? new byte[0] : output.toByteArray());
    } catch (OutOfMemoryError noRoom) {
      gateway.internalError("http-url-connection", noRoom);
      if (gateway.mustRead()) {
        passUnseen(NOT_HELD);
      }
      return null;
    }
  }

  /**
   * @param read the request as the engine has read it; null when it has not
   */
  private void pass(WireRequest read) throws IOException {
    if (read != null
        && originalConnected
        && settings.isWithholding()
        && !gateway.takesOwnHeadersOff(read)) {
      startOver(read);
    }
    tellWithheld(read);
    if (output == null || output.isLive()) {
      phase = Phase.PASSING;
      return;
    }
    try {
      output.send();
      phase = Phase.PASSING;
    } catch (IOException | RuntimeException thrown) {
      if (output.isLive()) {
        // The request has begun: what the server says to it can still be read.
        phase = Phase.PASSING;
        throw thrown;
      }
      failure = new Remembered(thrown);
      phase = Phase.DONE;
    }
  }

  /** The original is connected and takes no more headers, and some are to go with the request. */
  private void startOver(WireRequest read) throws IOException {
    HttpURLConnection other = connections.open(url, proxy);
    settings.applyTo(other, read.method(), read.headers(), read.body(), false);
    original.disconnect();
    original = other;
    if (output != null) {
      output.goTo(other);
    }
  }

  private void govern(GovernedCall opened, WireRequest request, boolean ahead) {
    ConnectionTransport attempts =
        new ConnectionTransport(
            connections, original, url, proxy, settings, output, request, originalConnected);
    transport = attempts;
    call = opened;
    if (!ahead) {
      conclude(() -> opened.execute(attempts));
      return;
    }
    answerAsked = UNASKED.watch(this, opened);
    phase = Phase.SENT;
    try {
      begun = attempts.begin(opened);
    } catch (RuntimeException | Error thrown) {
      failure = new Remembered(new IOException(thrown));
      phase = Phase.DONE;
      throw thrown;
    }
  }

  private void conclude(RealConnections.Work<WireResponse> waiting) {
    try {
      answer = new Answer(waiting.run(), url);
    } catch (CancellationException disconnected) {
      failure =
          new Remembered(
              (IOException) new SocketException("Socket closed").initCause(disconnected));
    } catch (IOException | RuntimeException thrown) {
      failure = new Remembered(thrown);
    } catch (Error thrown) {
      // Told once as it is; the request is not sent again, and later reads fail as well.
      failure = new Remembered(new IOException(thrown));
      phase = Phase.DONE;
      throw thrown;
    } finally {
      leaveUnusedOriginal(transport);
    }
    phase = Phase.DONE;
  }

  /** Nobody would close the connection: the call was answered over others, or over none. */
  private void leaveUnusedOriginal(ConnectionTransport attempts) {
    if (originalConnected && !attempts.isOriginalUsed()) {
      originalConnected = false;
      original.disconnect();
    }
  }

  /** Who knows the head of a response when there is no answer; null when nobody does. */
  private HttpURLConnection headSource() {
    if (phase == Phase.PASSING) {
      return original;
    }
    Attempt last = transport == null ? null : transport.last();
    return last != null && last.isAnswered() ? last.connection() : null;
  }
}
