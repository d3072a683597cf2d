package io.flyball.protocol;

import io.flyball.protocol.provider.OtherApis;
import java.net.URI;

/** Which requests belong to an endpoint that the user declared. Immutable. */
final class Declared {
  final Endpoint endpoint;
  private final String scheme;

  /** Null for an address that is none; without the brackets of IPv6, which some clients leave. */
  private final String host;

  private final int port;

  /** In the usual spelling, without a slash at its end. */
  private final String basePath;

  Declared(Endpoint endpoint) {
    URI url = endpoint.baseUrl();
    this.endpoint = endpoint;
    this.scheme = url.getScheme();
    this.host = HostNames.plain(url.getHost() == null ? null : bare(url.getHost()));
    this.port = url.getPort() >= 0 ? url.getPort() : "https".equalsIgnoreCase(scheme) ? 443 : 80;
    this.basePath = url.getRawPath() == null ? "" : basePath(url.getRawPath());
  }

  private static String basePath(String path) {
    String plain = PathSpelling.plain(path, path.length());
    return plain.equals("/") ? "" : plain;
  }

  private static String bare(String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return bracketed ? host.substring(1, host.length() - 1) : host;
  }

  /** The more exact one has the greater number. */
  int exactness() {
    return basePath.length();
  }

  /** Whether something stands behind the base URL's path. */
  boolean isBelow(String path, int length) {
    return length > basePath.length() && isBase(path, length);
  }

  /** Whether that path is the base URL's, or lies below. */
  private boolean isBase(String path, int length) {
    return length >= basePath.length()
        && path.startsWith(basePath)
        && (length == basePath.length() || path.charAt(basePath.length()) == '/');
  }

  boolean isServedAt(String otherHost, int otherPort) {
    return host != null && otherPort == port && host.equals(HostNames.plain(bare(otherHost)));
  }

  boolean isBelow(RequestHead head) {
    return isServedAt(head) && isBelow(head.path(), head.path().length());
  }

  /** Whether what is posted there may be a model call, whatever the path says of its API. */
  boolean mayBeCalled(RequestHead head) {
    return isServedAt(head) && mayBeCalled(head.path(), head.path().length());
  }

  /** The same where host and port are known to be its own. */
  boolean mayBeCalled(String path, int length) {
    return isBase(path, length) && !OtherApis.isAt(path, basePath.length(), length);
  }

  /** Whether the path says that the server is administered. */
  boolean isAdministeredBy(RequestHead head) {
    return OtherApis.isAdministration(head.path(), basePath.length());
  }

  private boolean isServedAt(RequestHead head) {
    return head.scheme().equalsIgnoreCase(scheme) && isServedAt(head.host(), head.port());
  }
}
