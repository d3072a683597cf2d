package io.flyball.instrumentation.httpurlconnection;

import io.flyball.engine.wire.BodyInputStream;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.WireResponse;
import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
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

  /** Null when the origin's own head stands. */
  private final Headers changedHeaders;

  private final String statusLine;
  private volatile boolean disconnected;

  /**
   * @param url what the application asked for; named in the exception
   */
  Answer(WireResponse response, URL url) {
    status = response.status();
    origin = response.origin() instanceof Attempt ? (Attempt) response.origin() : null;
    stream = new Stream(response, origin);
    boolean sameStatus = origin != null && origin.status() == status;
    boolean sameHead = sameStatus && origin.headers().equals(response.headers());
    changedHeaders = sameHead ? null : response.headers();
    statusLine =
        sameStatus ? origin.connection().getHeaderField(0) : "HTTP/1.1 " + status + reason(status);
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
    if (changedHeaders == null) {
      return origin.connection().getHeaderField(n);
    }
    return n == 0
        ? statusLine
        : n > 0 && n <= changedHeaders.size() ? changedHeaders.value(n - 1) : null;
  }

  String headerFieldKey(int n) {
    if (changedHeaders == null) {
      return origin.connection().getHeaderFieldKey(n);
    }
    return n > 0 && n <= changedHeaders.size() ? changedHeaders.name(n - 1) : null;
  }

  /** Of several the last, and of null the status line, as in the JDK. */
  String headerField(String name) {
    if (changedHeaders == null) {
      return origin.connection().getHeaderField(name);
    }
    if (name == null) {
      return statusLine;
    }
    List<String> values = changedHeaders.all(name);
    return values.isEmpty() ? null : values.get(values.size() - 1);
  }

  /** Names as they were sent, values of one name as this JDK has them. */
  Map<String, List<String>> headerFields() {
    if (changedHeaders == null) {
      return origin.connection().getHeaderFields();
    }
    Map<String, List<String>> fields = new HashMap<>();
    for (int i = changedHeaders.size() - 1; i >= 0; i--) {
      fields
          .computeIfAbsent(changedHeaders.name(i), n -> new ArrayList<>(1))
          .add(changedHeaders.value(i));
    }
    // Last first, until JDK-8133686 was fixed in 22 and wherever that went.
    Map<String, List<String>> theirs =
        origin == null
            ? Collections.<String, List<String>>emptyMap()
            : origin.connection().getHeaderFields();
    fields.forEach(
        (name, values) -> {
          List<String> inOrder = new ArrayList<>(values);
          Collections.reverse(inOrder);
          if (inOrder.equals(theirs.get(name))) {
            Collections.reverse(values);
          }
        });
    fields.put(null, new ArrayList<>(Collections.singletonList(statusLine)));
    fields.replaceAll((name, values) -> Collections.unmodifiableList(values));
    return Collections.unmodifiableMap(fields);
  }

  /** As {@link HttpURLConnection#disconnect}; does not wait for a thread that reads. */
  void disconnect() {
    disconnected = true;
    stream.close();
    if (origin != null) {
      origin.disconnect();
    }
  }

  private static final class Stream extends FilterInputStream {
    private final Attempt origin;
    private volatile boolean closed;

    Stream(WireResponse response, Attempt origin) {
      super(new BodyInputStream(response.body()));
      this.origin = origin;
    }

    @Override
    public int read() throws IOException {
      requireOpen();
      return in.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      requireOpen();
      return in.read(target, offset, length);
    }

    @Override
    public long skip(long count) throws IOException {
      requireOpen();
      return in.skip(count);
    }

    @Override
    public int available() throws IOException {
      int ready = in.available();
      return ready > 0 || closed || origin == null ? ready : origin.available();
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
