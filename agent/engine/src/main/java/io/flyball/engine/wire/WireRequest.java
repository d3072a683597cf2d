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

  /** Method, host and path: no query, no header value, no body. */
  @Override
  public String toString() {
    return method + ' ' + uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
  }
}
