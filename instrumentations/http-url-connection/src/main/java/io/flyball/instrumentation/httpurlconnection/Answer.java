package io.flyball.instrumentation.httpurlconnection;

import io.flyball.wire.BodyInputStream;
import io.flyball.wire.WireResponse;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpRetryException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * A response in the terms of {@link HttpURLConnection}: 400 and above is an exception, with the
 * body in the error stream.
 */
final class Answer {
  private final int status;
  private final Attempt origin;
  private final Stream stream;
  private final Remembered refusal;

  /** Whether the origin's head is told, with changes or without. */
  private final boolean sameStatus;

  /** Null when the origin's own head stands. */
  private final Fields changed;

  private volatile Map<String, List<String>> map;
  private volatile boolean disconnected;

  /**
   * @param url what the application asked for; named in the exception
   */
  Answer(WireResponse response, URL url) {
    status = response.status();
    origin = response.origin() instanceof Attempt ? (Attempt) response.origin() : null;
    stream = new Stream(response);
    sameStatus = origin != null && origin.head() != null && origin.status() == status;
    boolean sameHead = sameStatus && origin.headers().equals(response.headers());
    changed =
        sameHead
            ? null
            : sameStatus
                ? origin.head().changedTo(response.headers())
                : Fields.of("HTTP/1.1 " + status + reason(status), response.headers());
    Exception own = sameStatus && origin.isAsked() ? origin.refusal() : refusal(status, url);
    refusal = own == null ? null : new Remembered(own);
  }

  private static Exception refusal(int status, URL url) {
    if (status < 400) {
      return null;
    }
    return status == HttpURLConnection.HTTP_NOT_FOUND || status == HttpURLConnection.HTTP_GONE
        ? new FileNotFoundException(url.toString())
        : new IOException("Server returned HTTP response code: " + status + " for URL: " + url);
  }

  private static String reason(int status) {
    switch (status) {
      case HttpURLConnection.HTTP_OK:
        return " OK";
      case HttpURLConnection.HTTP_BAD_REQUEST:
        return " Bad Request";
      case HttpURLConnection.HTTP_FORBIDDEN:
        return " Forbidden";
      case HttpURLConnection.HTTP_CLIENT_TIMEOUT:
        return " Request Timeout";
      case HttpURLConnection.HTTP_ENTITY_TOO_LARGE:
        return " Content Too Large";
      case 429:
        return " Too Many Requests";
      case HttpURLConnection.HTTP_INTERNAL_ERROR:
        return " Internal Server Error";
      case HttpURLConnection.HTTP_UNAVAILABLE:
        return " Service Unavailable";
      case HttpURLConnection.HTTP_GATEWAY_TIMEOUT:
        return " Gateway Timeout";
      default:
        return "";
    }
  }

  /** The attempt it came from, or null when it was made. */
  Attempt origin() {
    return origin;
  }

  /** Whether the JDK has left the connection: it could not send again what it had not kept. */
  boolean isLeft() {
    return sameStatus && origin.refusal() instanceof HttpRetryException;
  }

  InputStream input() throws IOException {
    if (refusal != null) {
      throw refusal.tell();
    }
    return stream;
  }

  /** Null below 400, after {@link #disconnect}, and where the JDK had none to give. */
  InputStream errorStream() {
    boolean none = origin != null && !origin.hasStream();
    return status < 400 || disconnected || none ? null : stream;
  }

  String headerField(int n) {
    return changed == null ? origin.connection().getHeaderField(n) : fields().value(n);
  }

  String headerFieldKey(int n) {
    return changed == null ? origin.connection().getHeaderFieldKey(n) : fields().name(n);
  }

  /** Of several the last, and of null the status line, as in the JDK. */
  String headerField(String name) {
    return changed == null ? origin.connection().getHeaderField(name) : fields().last(name);
  }

  /** Names as they were sent, values of one name as this JDK has them. The same ever after. */
  Map<String, List<String>> headerFields() {
    if (changed == null) {
      return origin.connection().getHeaderFields();
    }
    if (map == null) {
      map =
          fields()
              .toMap(
                  origin == null
                      ? Collections.<String, List<String>>emptyMap()
                      : origin.connection().getHeaderFields());
    }
    return map;
  }

  /**
   * The JDK puts trailers behind the head once it has read them. It has for us, maybe, long before
   * the application has come so far.
   */
  private Fields fields() {
    return sameStatus && stream.ended
        ? changed.and(Fields.of(origin.connection()), origin.head().size())
        : changed;
  }

  /** As {@link HttpURLConnection#disconnect}; does not wait for a thread that reads. */
  void disconnect() {
    disconnected = true;
    if (origin != null) {
      // First: a connection of the JDK whose stream was closed takes no notice of it.
      origin.disconnect();
    }
    stream.close();
  }

  private static final class Stream extends FilterInputStream {
    private volatile boolean closed;
    private volatile boolean ended;

    Stream(WireResponse response) {
      super(new BodyInputStream(response.body()));
    }

    @Override
    public int read() throws IOException {
      requireOpen();
      int next = in.read();
      if (next < 0) {
        ended = true;
      }
      return next;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      requireOpen();
      int count = in.read(target, offset, length);
      if (count < 0) {
        ended = true;
      }
      return count;
    }

    @Override
    public long skip(long count) throws IOException {
      requireOpen();
      return in.skip(count);
    }

    @Override
    public void close() {
      if (!closed) {
        closed = true;
        ((BodyInputStream) in).close();
      }
    }

    private void requireOpen() throws IOException {
      if (closed) {
        throw new IOException("stream is closed");
      }
    }
  }
}
