package io.flyball.engine.net;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.util.concurrent.TimeUnit;

/** One connection for posts, to where they go or to a proxy before it. */
final class HttpLink {
  private static final int BUFFER = 8 * 1024;

  /** An answer is read to its end for the connection's sake, which is not worth more. */
  private static final int DRAINED = 64 * 1024;

  private static final int DRAIN_MILLIS = 500;

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

  /** Reads the answer's body where its end is near. */
  void finish(HttpPosts.Answer answer) {
    HttpHead head = answer.head();
    String connection = head.header("Connection");
    boolean stays = connection == null || !connection.equalsIgnoreCase("close");
    try {
      socket.setSoTimeout(DRAIN_MILLIS);
      reusable = stays && (hasNone(head) || drain(head));
    } catch (IOException | NumberFormatException unfinished) {
      reusable = false;
    }
    usedAt = System.nanoTime();
  }

  private static boolean hasNone(HttpHead head) {
    return head.status() == 204 || head.status() == 304;
  }

  private boolean drain(HttpHead head) throws IOException {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DRAIN_MILLIS);
    int[] left = {DRAINED};
    if (head.header("Transfer-Encoding") == null) {
      String length = head.header("Content-Length");
      return length != null && skip(Long.parseLong(length), left, until);
    }
    while (true) {
      String size = line(left, until);
      int extension = size.indexOf(';');
      long length =
          Long.parseLong((extension < 0 ? size : size.substring(0, extension)).trim(), 16);
      if (length == 0) {
        String trailer = line(left, until);
        while (!trailer.isEmpty()) {
          trailer = line(left, until);
        }
        return true;
      }
      if (!skip(length, left, until) || !line(left, until).isEmpty()) {
        return false;
      }
    }
  }

  private String line(int[] left, long until) throws IOException {
    return HttpHead.line(
        new InputStream() {
          @Override
          public int read() throws IOException {
            if (System.nanoTime() - until > 0) {
              throw new IOException("too slow");
            }
            return in.read();
          }
        },
        left);
  }

  private boolean skip(long length, int[] left, long until) throws IOException {
    if (length < 0 || length > left[0]) {
      return false;
    }
    byte[] buffer = new byte[4_096];
    long rest = length;
    while (rest > 0 && System.nanoTime() - until < 0) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
      if (read < 0) {
        return false;
      }
      rest -= read;
    }
    left[0] -= (int) length;
    return rest == 0;
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
