package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.Gateway;
import java.net.URI;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.net.URIAuthority;

/**
 * Where a request goes: to the target that the application names with it, else to the authority
 * that stands in it. With a target the authority is only what the request says (a virtual host).
 */
final class Origins {
  private static final int HTTP = 80;
  private static final int HTTPS = 443;

  private Origins() {}

  /** {@link Gateway#mayGovern}, for that request. */
  static boolean mayGovern(Gateway gateway, HttpHost target, HttpRequest request) {
    String host = host(target, request);
    return host != null
        && gateway.mayGovern(request.getMethod(), host, port(target, request), request.getPath());
  }

  /** Null where it is not known. */
  static String host(HttpHost target, HttpRequest request) {
    if (target != null) {
      return target.getHostName();
    }
    URIAuthority authority = request.getAuthority();
    return authority == null ? null : authority.getHostName();
  }

  static int port(HttpHost target, HttpRequest request) {
    int port = writtenPort(target, request);
    return port >= 0 ? port : "https".equalsIgnoreCase(scheme(target, request)) ? HTTPS : HTTP;
  }

  private static int writtenPort(HttpHost target, HttpRequest request) {
    if (target != null) {
      return target.getPort();
    }
    URIAuthority authority = request.getAuthority();
    return authority == null ? -1 : authority.getPort();
  }

  private static String scheme(HttpHost target, HttpRequest request) {
    String scheme = target == null ? request.getScheme() : target.getSchemeName();
    return scheme == null ? "http" : scheme;
  }

  /** The whole address; what is no URI in it is written as one. */
  static URI uri(HttpHost target, HttpRequest request) {
    StringBuilder uri = new StringBuilder(scheme(target, request)).append("://");
    String host = host(target, request);
    boolean bare = host.indexOf(':') >= 0 && !host.startsWith("[");
    uri.append(bare ? "[" + host + "]" : host);
    int port = writtenPort(target, request);
    if (port >= 0) {
      uri.append(':').append(port);
    }
    String path = request.getPath();
    if (path == null || path.isEmpty() || path.charAt(0) != '/') {
      uri.append('/');
    }
    appendLegal(uri, path == null ? "" : path);
    return URI.create(uri.toString());
  }

  private static void appendLegal(StringBuilder uri, String path) {
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean legal =
          c == '%' ? isEscape(path, i) : c > ' ' && c < 0x7f && "\"<>\\^`{|}#".indexOf(c) < 0;
      if (legal || c > 0xff) {
        uri.append(c);
      } else {
        uri.append(String.format("%%%02X", (int) c));
      }
    }
  }

  private static boolean isEscape(String path, int at) {
    return at + 2 < path.length()
        && Character.digit(path.charAt(at + 1), 16) >= 0
        && Character.digit(path.charAt(at + 2), 16) >= 0;
  }

  /** Path and query as a request has them. */
  static String path(URI uri) {
    String path = uri.getRawPath();
    String rooted = path == null || path.isEmpty() ? "/" : path;
    return uri.getRawQuery() == null ? rooted : rooted + "?" + uri.getRawQuery();
  }
}
