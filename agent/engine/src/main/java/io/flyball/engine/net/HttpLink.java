package io.flyball.engine.net;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;

/** One connection for posts, to where they go or to a proxy before it. */
final class HttpLink {
  private static final int BUFFER = 8 * 1024;

  private static final int DRAIN_MILLIS = 500;
  private static final int PEEK_MILLIS = 1;

  private final Socket base;
  private final Proxy proxy;
  private String target;
  private String ownFields;
  private Socket socket;
  private InputStream in;
  private OutputStream out;
  private boolean answered;
  private boolean reusable;
  private long usedAt;

  /**
   * @param base not yet connected
   */
  HttpLink(Socket base, Proxy proxy) {
    this.base = base;
    this.proxy = proxy;
  }

  /** What is beneath TLS. */
  Socket base() {
    return base;
  }

  Proxy proxy() {
    return proxy;
  }

  /**
   * It is connected.
   *
   * @param over may be TLS over the base
   * @param target of requests
   * @param ownFields lines of the head that belong to the way
   */
  void connected(Socket over, String target, String ownFields) throws IOException {
    this.socket = over;
    this.target = target;
    this.ownFields = ownFields;
    this.in = new BufferedInputStream(over.getInputStream(), BUFFER);
    this.out = new BufferedOutputStream(over.getOutputStream(), BUFFER);
  }

  String target() {
    return target;
  }

  String ownFields() {
    return ownFields;
  }

  OutputStream out() {
    return out;
  }

  void begin(int readMillis) throws IOException {
    answered = false;
    reusable = false;
    socket.setSoTimeout(readMillis);
  }

  HttpHead readHead() throws IOException {
    in.mark(1);
    answered = in.read() >= 0;
    in.reset();
    return HttpHead.read(in);
  }

  /** Whether anything came back for the latest request. */
  boolean hasAnswered() {
    return answered;
  }

  /**
   * Whether the other side has said anything since the latest answer, or that it ends: what comes
   * without a request is no answer to the next one.
   */
  boolean isQuiet() {
    try {
      if (in.available() > 0) {
        return false;
      }
      // Only reading tells of an end, and of what is beneath TLS.
      socket.setSoTimeout(PEEK_MILLIS);
      in.read();
      return false;
    } catch (SocketTimeoutException quiet) {
      return true;
    } catch (IOException gone) {
      return false;
    }
  }

  /**
   * Reads the answer's body where its end is near.
   *
   * @return null when that is not all of it
   */
  byte[] finish(HttpHead head) {
    Rest rest = new Rest(in);
    boolean whole;
    try {
      socket.setSoTimeout(DRAIN_MILLIS);
      long length = head.bodyLength();
      whole = rest.read(length);
      // What comes behind its end belongs to nothing.
      reusable = whole && length != HttpHead.OPEN && head.isPersistent() && in.available() == 0;
    } catch (IOException unfinished) {
      whole = false;
      reusable = false;
    }
    usedAt = System.nanoTime();
    return whole ? rest.bytes() : null;
  }

  /** Whether the answer has been read to its end, and another request may follow. */
  boolean isReusable() {
    return reusable;
  }

  long usedAt() {
    return usedAt;
  }

  /** Ends it, whoever uses it. Never blocks. */
  void cut() {
    BaseSockets.cut(base);
  }
}
