package io.flyball.protocol;

import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * The part of an HTTP request that is known before its body: what recognition looks at first.
 *
 * <p>{@code path} has no query; {@code query} is null when there is none.
 */
public final class RequestHead {
  private final String method;
  private final String scheme;
  private final String host;
  private final int port;
  private final String path;
  private final String query;
  private final UnaryOperator<String> header;

  /**
   * @param port the port in use, the scheme's default made explicit
   * @param header gives the first value of a header by its case-insensitive name, or null
   */
  public RequestHead(
      String method,
      String scheme,
      String host,
      int port,
      String path,
      String query,
      UnaryOperator<String> header) {
    this.method = Objects.requireNonNull(method, "method");
    this.scheme = Objects.requireNonNull(scheme, "scheme");
    this.host = Objects.requireNonNull(host, "host");
    this.port = port;
    this.path = Objects.requireNonNull(path, "path");
    this.query = query;
    this.header = Objects.requireNonNull(header, "header");
  }

  /** The same request at a path that is written otherwise. */
  RequestHead withPath(String other) {
    return new RequestHead(method, scheme, host, port, other, query, header);
  }

  public String method() {
    return method;
  }

  public String scheme() {
    return scheme;
  }

  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public String path() {
    return path;
  }

  /** The raw query, or null. */
  public String query() {
    return query;
  }

  /** The first value of a header (name in any case), or null. */
  public String header(String name) {
    return header.apply(name);
  }
}
