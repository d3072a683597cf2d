package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One request over one real connection. Sent and read by one thread at a time; cancelled from any
 * thread.
 *
 * <p>Redirects, authentication and a second try over a fresh socket (for a POST unless {@code
 * sun.net.http.retryPost=false}) are done by the JDK below and belong to the attempt. Only the
 * first attempt of a call has such a second try: the others are the engine's, and are not to be
 * doubled.
 */
final class Attempt {
  private final HttpURLConnection connection;
  private final boolean asked;
  private final boolean foreign;
  private final boolean repetition;
  private final ReentrantLock reading = new ReentrantLock();
  private final List<Socket> sockets = new ArrayList<>(2);
  private boolean aborted;
  private boolean sent;
  private boolean over;

  private volatile boolean answered;
  private int status = -1;
  private Fields head;
  private Headers headers = Headers.EMPTY;
  private Exception refusal;
  private InputStream stream;

  /** Sends the body of the request. */
  interface Sender {
    void sendOver(HttpURLConnection connection) throws IOException;
  }

  /**
   * @param connection set up, nothing sent
   * @param asked whether this is the URL that the application asked for
   * @param foreign whether it goes to another host than that
   * @param repetition whether it is not the first of its call
   */
  Attempt(HttpURLConnection connection, boolean asked, boolean foreign, boolean repetition) {
    this.connection = connection;
    this.asked = asked;
    this.foreign = foreign;
    this.repetition = repetition;
  }

  /** Sends the request. */
  void send(Sender sender) throws IOException {
    perform(
        () -> {
          sender.sendOver(connection);
          synchronized (this) {
            sent = true;
          }
          return null;
        });
  }

  /** Waits for the head of the response. */
  WireResponse receive() throws IOException {
    return perform(this::response);
  }

  private WireResponse response() throws IOException {
    try {
      stream = connection.getInputStream();
    } catch (IOException | RuntimeException failure) {
      answered = true;
      refusal = failure;
    }
    readHead();
    if (refusal != null && status < 300) {
      // With a good head, what the application has the JDK do with it has failed: no empty
      // answer.
      throw Completions.<IOException>sneakyThrow(refusal);
    }
    return WireResponse.received(status, headers, body(), this);
  }

  private <T> T perform(RealConnections.Work<T> step) throws IOException {
    try {
      return step.run();
    } catch (IOException failure) {
      finish();
      throw failure;
    } catch (RuntimeException failure) {
      if (finish()) {
        // Disconnecting in the middle of a request makes the JDK stumble over its own null.
        throw (IOException) new SocketException("Socket closed").initCause(failure);
      }
      throw failure;
    }
  }

  private void readHead() {
    answered = true;
    try {
      status = connection.getResponseCode();
    } catch (IOException | RuntimeException noResponse) {
      return;
    }
    if (status < 0) {
      return;
    }
    head = Fields.of(connection);
    headers = head.headers();
    if (refusal != null) {
      stream = connection.getErrorStream();
    }
  }

  private Body body() {
    if (stream != null) {
      return Bodies.ofPatientStream(new ReadingMarked(stream), this::release);
    }
    if (refusal instanceof HttpRetryException) {
      // The JDK knows the status, but has thrown the body away.
      HttpRetryException noBody = (HttpRetryException) refusal;
      return Bodies.ofStream(new Unreadable(noBody), this::release);
    }
    return Bodies.empty();
  }

  /** The connection's thread got hold of a socket for this attempt. */
  void uses(Socket socket) {
    boolean late;
    synchronized (this) {
      late = aborted;
      // It is about to write, be it once more.
      sent = false;
      if (!over && !sockets.contains(socket)) {
        sockets.add(socket);
      }
    }
    if (late) {
      SocketCloser.close(socket, false);
    }
  }

  /**
   * Breaks the exchange off, whatever its thread is doing. {@link HttpURLConnection#disconnect}
   * alone cannot: while a connection is made it does nothing, and while a body is read it waits for
   * that read.
   */
  void abort() {
    List<Socket> open;
    boolean gentle;
    synchronized (this) {
      if (over) {
        return;
      }
      aborted = true;
      gentle = sent;
      open = new ArrayList<>(sockets);
    }
    for (Socket socket : open) {
      SocketCloser.close(socket, gentle);
    }
    if (open.isEmpty()) {
      connection.disconnect();
    }
  }

  /** As {@link HttpURLConnection#disconnect}, but without waiting for a thread that reads. */
  void disconnect() {
    if (reading.tryLock()) {
      try {
        connection.disconnect();
      } finally {
        reading.unlock();
      }
    } else {
      abort();
    }
  }

  private void release() throws IOException {
    if (reading.tryLock()) {
      try {
        if (stream != null) {
          stream.close();
        }
        finish();
      } finally {
        reading.unlock();
      }
    } else {
      abort();
    }
  }

  /**
   * The sockets go back to the JDK, which may give them to another exchange.
   *
   * @return whether it was aborted before
   */
  private synchronized boolean finish() {
    over = true;
    sockets.clear();
    return aborted;
  }

  HttpURLConnection connection() {
    return connection;
  }

  /** Whether the connection may be asked for headers without sending anything. */
  boolean isAnswered() {
    return answered;
  }

  /** Whether it went to the URL that the application asked for. */
  boolean isAsked() {
    return asked;
  }

  boolean isForeign() {
    return foreign;
  }

  /** Whether it is not the first of its call. */
  boolean isRepetition() {
    return repetition;
  }

  int status() {
    return status;
  }

  Headers headers() {
    return headers;
  }

  /**
   * What came before the body, or null when that was no head; the connection itself has trailers,
   * too, once they have come.
   */
  Fields head() {
    return head;
  }

  /** What the JDK threw instead of giving the body: its way to say 400 and above. Or null. */
  Exception refusal() {
    return refusal;
  }

  /** Whether the JDK had a stream to give, for example none with an empty error. */
  boolean hasStream() {
    return stream != null;
  }

  /** Holds the lock while a read may block, and notes the end. */
  private final class ReadingMarked extends FilterInputStream {
    ReadingMarked(InputStream in) {
      super(in);
    }

    /** As far as the JDK knows. Its streams would wait here for a thread that reads. */
    @Override
    public int available() throws IOException {
      if (!reading.tryLock()) {
        return 0;
      }
      try {
        return in.available();
      } catch (IOException | RuntimeException failure) {
        finish();
        throw failure;
      } finally {
        reading.unlock();
      }
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      reading.lock();
      try {
        int count = in.read(target, offset, length);
        if (count < 0) {
          finish();
        }
        return count;
      } catch (SocketTimeoutException silence) {
        // The JDK's streams can be read on.
        throw silence;
      } catch (IOException | RuntimeException failure) {
        finish();
        throw failure;
      } finally {
        reading.unlock();
      }
    }
  }

  private static final class Unreadable extends InputStream {
    private final IOException reason;

    Unreadable(IOException reason) {
      this.reason = reason;
    }

    @Override
    public int read() throws IOException {
      throw reason;
    }
  }
}
