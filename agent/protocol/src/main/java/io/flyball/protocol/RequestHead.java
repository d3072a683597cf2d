package io.flyball.protocol;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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
  private final String writtenPath;
  private final String plainPath;
  private final String query;
  private final UnaryOperator<String> header;
  private final Function<String, List<String>> headers;

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
    this(method, scheme, host, port, path, query, header, name -> listed(header.apply(name)));
  }

  /**
   * @param port the port in use, the scheme's default made explicit
   * @param header gives the first value of a header by its case-insensitive name, or null
   * @param headers gives all of them
   */
  public RequestHead(
      String method,
      String scheme,
      String host,
      int port,
      String path,
      String query,
      UnaryOperator<String> header,
      Function<String, List<String>> headers) {
    this.method = Objects.requireNonNull(method, "method");
    this.scheme = Objects.requireNonNull(scheme, "scheme");
    this.host = HostNames.plain(Objects.requireNonNull(host, "host"));
    this.port = port;
    this.path = Objects.requireNonNull(path, "path");
    this.writtenPath = path;
    this.plainPath = PathSpelling.plain(path, path.length());
    this.query = query;
    this.header = Objects.requireNonNull(header, "header");
    this.headers = Objects.requireNonNull(headers, "headers");
  }

  /** The same at its path in the usual spelling. */
  private RequestHead(RequestHead written) {
    this.method = written.method;
    this.scheme = written.scheme;
    this.host = written.host;
    this.port = written.port;
    this.path = written.plainPath;
    this.writtenPath = written.writtenPath;
    this.plainPath = written.plainPath;
    this.query = written.query;
    this.header = written.header;
    this.headers = written.headers;
  }

  private static List<String> listed(String value) {
    return value == null ? Collections.<String>emptyList() : Collections.singletonList(value);
  }

  /** The same request with its path in the usual spelling; itself where it is written so. */
  RequestHead plain() {
    return plainPath.equals(path) ? this : new RequestHead(this);
  }

  public String method() {
    return method;
  }

  public String scheme() {
    return scheme;
  }

  /** In the spelling that {@link HostNames} knows. */
  public String host() {
    return host;
  }

  public int port() {
    return port;
  }

  public String path() {
    return path;
  }

  /** The same as the application wrote it: what a path names is to be looked for in both. */
  public String writtenPath() {
    return writtenPath;
  }

  /** The same in the usual spelling, as servers read it that decode, strip and resolve first. */
  public String plainPath() {
    return plainPath;
  }

  /** The raw query, or null. */
  public String query() {
    return query;
  }

  /** The first value of a header (name in any case), or null. */
  public String header(String name) {
    return header.apply(name);
  }

  /** All values of a header (name in any case): where one stands twice servers may take either. */
  public List<String> headers(String name) {
    return headers.apply(name);
  }
}
