package io.flyball.engine.wire;

import java.net.URI;
import java.util.Objects;

/**
 * One HTTP request as the application meant it: whole body in memory, so that it can be sent again.
 * Immutable by agreement: nobody writes to {@link #body()}.
 */
public final class WireRequest {
  private final String method;
  private final URI uri;
  private final Headers headers;
  private final byte[] body;

  /**
   * @param uri absolute
   * @param body never null; the caller gives it away
   */
  public WireRequest(String method, URI uri, Headers headers, byte[] body) {
    this.method = Objects.requireNonNull(method, "method");
    this.uri = Objects.requireNonNull(uri, "uri");
    this.headers = Objects.requireNonNull(headers, "headers");
    this.body = Objects.requireNonNull(body, "body");
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
    if (uri.getHost() != null || uri.getRawAuthority() == null) {
      return uri.getHost();
    }
    String hostAndPort = hostAndPort();
    int colon = hostAndPort.lastIndexOf(':');
    String host = colon < 0 ? hostAndPort : hostAndPort.substring(0, colon);
    return host.isEmpty() ? null : host;
  }

  /** The port, that of the scheme when none is written. */
  public int port() {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    if (uri.getHost() == null && uri.getRawAuthority() != null) {
      String hostAndPort = hostAndPort();
      String digits = hostAndPort.substring(hostAndPort.lastIndexOf(':') + 1);
      if (!digits.equals(hostAndPort) && digits.matches("[0-9]{1,5}")) {
        return Integer.parseInt(digits);
      }
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

  private String hostAndPort() {
    return uri.getRawAuthority().substring(uri.getRawAuthority().lastIndexOf('@') + 1);
  }

  /**
   * The headers the application set. Content-Length, Host and Transfer-Encoding may be missing: the
   * client writes them.
   */
  public Headers headers() {
    return headers;
  }

  /** The body. Do not write to it. */
  public byte[] body() {
    return body;
  }

  /** With another body; a Content-Length that no longer fits is dropped. */
  public WireRequest withBody(byte[] newBody) {
    Headers fitting = newBody.length == body.length ? headers : headers.without("Content-Length");
    return new WireRequest(method, uri, fitting, newBody);
  }

  public WireRequest withHeaders(Headers newHeaders) {
    return new WireRequest(method, uri, newHeaders, body);
  }

  public WireRequest withUri(URI newUri) {
    return new WireRequest(method, newUri, headers, body);
  }

  /** Method, host, port and path: no user, no query, no header value, no body. */
  @Override
  public String toString() {
    return method + ' ' + uri.getScheme() + "://" + host() + ':' + port() + uri.getRawPath();
  }
}
