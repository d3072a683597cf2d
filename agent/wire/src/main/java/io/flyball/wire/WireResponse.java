package io.flyball.wire;

import java.util.Objects;

/** Status, headers and body of an answer, real or made by a policy. */
public final class WireResponse {
  private final int status;
  private final Headers headers;
  private final Body body;
  private final Object origin;
  private final boolean repeated;

  private WireResponse(int status, Headers headers, Body body, Object origin, boolean repeated) {
    this.status = status;
    this.repeated = repeated;
    this.headers = Objects.requireNonNull(headers, "headers");
    this.body = Objects.requireNonNull(body, "body");
    this.origin = origin;
  }

  /** An answer that came over the wire; {@code origin} is the client's own response object. */
  public static WireResponse received(int status, Headers headers, Body body, Object origin) {
    return new WireResponse(status, headers, body, Objects.requireNonNull(origin, "origin"), false);
  }

  /** An answer made by a policy. */
  public static WireResponse made(int status, Headers headers, Body body) {
    return new WireResponse(status, headers, body, null, false);
  }

  public int status() {
    return status;
  }

  /**
   * Headers of {@link #body()}: when the client decoded the body, Content-Encoding and
   * Content-Length are already gone.
   */
  public Headers headers() {
    return headers;
  }

  public Body body() {
    return body;
  }

  /**
   * The client's own response object this answer came from (its protocol version, TLS session and
   * so on are carried over by the adapter), or null for an answer that was made.
   */
  public Object origin() {
    return origin;
  }

  /**
   * Whether the client has repeated the request by itself before it gave this answer, or would give
   * it again without asking anybody.
   */
  public boolean isRepeatedByClient() {
    return repeated;
  }

  public WireResponse withBody(Body newBody) {
    return new WireResponse(status, headers, newBody, origin, repeated);
  }

  public WireResponse withHeaders(Headers newHeaders) {
    return new WireResponse(status, newHeaders, body, origin, repeated);
  }

  /**
   * The same of a client that had got this status before, and has sent the request once more
   * because of it, or that has not sent it at all.
   */
  public WireResponse repeatedByClient() {
    return new WireResponse(status, headers, body, origin, true);
  }
}
