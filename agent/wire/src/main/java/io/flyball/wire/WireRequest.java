package io.flyball.wire;

import java.net.URI;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * One HTTP request as the application meant it: whole body in memory, so that it can be sent again.
 * Immutable by agreement: nobody writes to {@link #body()}.
 */
public final class WireRequest {
  /** What an adapter fails a request with that must not go unseen. */
  public static final String REFUSED_UNSEEN =
      "Flyball does not let this request go: it cannot be read, and a budget that blocks, or a"
          + " limit of flyball.request, has to read it";

  private final String method;
  private final URI uri;
  private final Headers headers;
  private final byte[] body;

  /** Null until it is asked for where another body has to be encoded; two threads make the same. */
  private volatile byte[] wireBody;

  /** Null for a body that is sent as it is read. */
  private final UnaryOperator<byte[]> coding;

  /** Null for a body that is here. */
  private final String unreadBecause;

  /**
   * @param uri absolute
   * @param body never null; the caller gives it away
   */
  public WireRequest(String method, URI uri, Headers headers, byte[] body) {
    this(method, uri, headers, body, body, null, null);
  }

  private WireRequest(
      String method,
      URI uri,
      Headers headers,
      byte[] body,
      byte[] wireBody,
      UnaryOperator<byte[]> coding,
      String unreadBecause) {
    this.method = Objects.requireNonNull(method, "method");
    this.uri = Objects.requireNonNull(uri, "uri");
    this.headers = Objects.requireNonNull(headers, "headers");
    this.body = Objects.requireNonNull(body, "body");
    this.wireBody = wireBody;
    this.coding = coding;
    this.unreadBecause = unreadBecause;
  }

  public String method() {
    return method;
  }

  public URI uri() {
    return uri;
  }

  /**
   * The host as it is written, also one that {@link URI#getHost} does not know because of an
   * underscore, as names in container networks have. Null when there is none.
   */
  public String host() {
    return HostAndPort.host(uri);
  }

  /** The port, that of the scheme when none is written. */
  public int port() {
    int written = HostAndPort.port(uri);
    if (written >= 0) {
      return written;
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  /**
   * Whether both go to the same scheme, host and port, so that a credential that was given for one
   * may be sent with the other.
   */
  public boolean isSameOrigin(WireRequest other) {
    return host() != null
        && host().equalsIgnoreCase(other.host())
        && port() == other.port()
        && uri.getScheme() != null
        && uri.getScheme().equalsIgnoreCase(other.uri.getScheme());
  }

  /**
   * The headers the application set. Content-Length, Host and Transfer-Encoding may be missing: the
   * client writes them.
   */
  public Headers headers() {
    return headers;
  }

  /** The body as it is read, without its Content-Encoding. Do not write to it. */
  public byte[] body() {
    return body;
  }

  /**
   * The body as it is sent, in its Content-Encoding: the very bytes of the application until one of
   * its bytes is changed. Do not write to it.
   */
  public byte[] wireBody() {
    byte[] sent = wireBody;
    if (sent == null) {
      sent = coding.apply(body);
      wireBody = sent;
    }
    return sent;
  }

  /** Whether the body is sent in another form than it is read in. */
  public boolean isEncoded() {
    return coding != null;
  }

  /**
   * The same request, sent as it is, with a body that can be read.
   *
   * @param plain what its bytes say; the caller gives it away
   * @param encoder encodes another body as this one is
   */
  public WireRequest readAs(byte[] plain, UnaryOperator<byte[]> encoder) {
    return new WireRequest(
        method, uri, headers, plain, wireBody, Objects.requireNonNull(encoder, "encoder"), null);
  }

  /**
   * The same request, whose body nobody has: the client alone sends it, once, and {@link #body()}
   * is not it.
   *
   * @param why a clause for people that begins with the body
   */
  public WireRequest unread(String why) {
    return new WireRequest(
        method, uri, headers, body, wireBody, coding, Objects.requireNonNull(why, "why"));
  }

  /** Why its body is not here; null where it is. */
  public String unreadBecause() {
    return unreadBecause;
  }

  /**
   * With another body, encoded as the one before; a Content-Length that no longer fits is dropped.
   *
   * @param newBody as it is to be read
   */
  public WireRequest withBody(byte[] newBody) {
    boolean sameLength = coding == null && newBody.length == body.length;
    Headers fitting = sameLength ? headers : headers.without("Content-Length");
    return new WireRequest(
        method, uri, fitting, newBody, coding == null ? newBody : null, coding, null);
  }

  public WireRequest withHeaders(Headers newHeaders) {
    return new WireRequest(method, uri, newHeaders, body, wireBody, coding, unreadBecause);
  }

  public WireRequest withUri(URI newUri) {
    return new WireRequest(method, newUri, headers, body, wireBody, coding, unreadBecause);
  }

  /** Method, host, port and path: no user, no query, no header value, no body. */
  @Override
  public String toString() {
    return method + ' ' + uri.getScheme() + "://" + host() + ':' + port() + uri.getRawPath();
  }
}
