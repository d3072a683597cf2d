package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.Gateway;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import java.net.URI;
import java.util.Set;
import org.apache.http.Header;
import org.apache.http.HeaderIterator;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.message.BasicHeader;

/**
 * The application's request, as the engine sees it, and the attempts made of it. Only what the
 * engine changes is changed; the rest keeps its bytes and its order.
 */
final class Asked {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_ENCODING = "Content-Encoding";
  private static final byte[] NOTHING = new byte[0];

  private final HttpHost target;
  private final HttpRequest request;

  /** Null for none. */
  private final HttpEntity entity;

  Asked(HttpHost target, HttpRequest request) {
    this.target = target;
    this.request = request;
    this.entity =
        request instanceof HttpEntityEnclosingRequest
            ? ((HttpEntityEnclosingRequest) request).getEntity()
            : null;
  }

  /** Where it connects to. */
  HttpHost target() {
    return target;
  }

  HttpRequest request() {
    return request;
  }

  HttpEntity entity() {
    return entity;
  }

  static int port(HttpHost target) {
    return target.getPort() >= 0
        ? target.getPort()
        : "https".equalsIgnoreCase(target.getSchemeName()) ? 443 : 80;
  }

  static String method(HttpRequest request) {
    return request instanceof HttpUriRequest
        ? ((HttpUriRequest) request).getMethod()
        : request.getRequestLine().getMethod();
  }

  /** With its query or without; null when there is none. */
  static String path(HttpRequest request) {
    if (request instanceof HttpUriRequest) {
      URI uri = ((HttpUriRequest) request).getURI();
      return uri == null ? null : uri.getRawPath();
    }
    return pathAndQuery(request.getRequestLine().getUri());
  }

  private static String pathAndQuery(String uri) {
    int authority = uri.startsWith("/") ? -1 : uri.indexOf("://");
    if (authority < 0) {
      return uri;
    }
    int slash = uri.indexOf('/', authority + 3);
    return slash < 0 ? "/" : uri.substring(slash);
  }

  /** {@link Gateway#takesOwnHeadersOff(String, String, int, String)}, for this request. */
  boolean isToLoseFlyballs(Gateway gateway) {
    return gateway.takesOwnHeadersOff(
        method(request), target.getHostName(), port(target), path(request));
  }

  /** Whether it has a header that is said to Flyball. */
  boolean saysSomethingToFlyball() {
    for (HeaderIterator all = request.headerIterator(); all.hasNext(); ) {
      if (Headers.isForFlyball(all.nextHeader().getName())) {
        return true;
      }
    }
    return false;
  }

  /** The request as the engine sees it. */
  WireRequest toWire(RecordedEntity recorded) {
    return toWire(recorded.bytes());
  }

  /**
   * The same of one whose entity only the client is to ask for its bytes.
   *
   * @param why see {@link WireRequest#unread}
   */
  WireRequest toUnread(String why) {
    return toWire(NOTHING).unread(why);
  }

  private WireRequest toWire(byte[] body) {
    Headers headers = wire(request.getAllHeaders());
    headers = withHeaderOf(headers, CONTENT_TYPE, entity.getContentType());
    headers = withHeaderOf(headers, CONTENT_ENCODING, entity.getContentEncoding());
    return new WireRequest(method(request), uri(), headers, body);
  }

  /** What the client takes from the entity unless the application has set it. */
  private static Headers withHeaderOf(Headers headers, String name, Header ofEntity) {
    return ofEntity == null || ofEntity.getValue() == null || headers.first(name) != null
        ? headers
        : headers.with(name, ofEntity.getValue());
  }

  private URI uri() {
    String path;
    if (request instanceof HttpUriRequest) {
      URI uri = ((HttpUriRequest) request).getURI();
      String rawPath =
          uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
      path = uri.getRawQuery() == null ? rawPath : rawPath + '?' + uri.getRawQuery();
    } else {
      path = pathAndQuery(request.getRequestLine().getUri());
    }
    String host = target.toURI();
    try {
      return URI.create(host + path);
    } catch (IllegalArgumentException anythingGoesInARequestLine) {
      return URI.create(host + escaped(path));
    }
  }

  /** For the engine to read; the application's own goes out as it is. */
  private static String escaped(String path) {
    StringBuilder escaped = new StringBuilder(path.length() + 8);
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      boolean same =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || "-._~/:?=&+,;@!$'()*".indexOf(c) >= 0;
      if (same) {
        escaped.append(c);
      } else {
        escaped.append('%').append(String.format("%02X", c & 0xff));
      }
    }
    return escaped.toString();
  }

  static Headers wire(Header[] all) {
    Headers.Builder builder = Headers.builder(all.length + 2);
    for (Header header : all) {
      builder.add(header.getName(), header.getValue() == null ? "" : header.getValue());
    }
    return builder.build();
  }

  /**
   * One attempt.
   *
   * @param was this request as the engine saw it
   * @param recorded null where only the client is to ask the entity for its bytes
   * @param foreign whether it goes to another host
   */
  AttemptRequest attempt(
      WireRequest wanted,
      WireRequest was,
      RecordedEntity recorded,
      boolean foreign,
      Sending sending) {
    URI uri =
        wanted.uri().equals(was.uri()) ? null : foreign ? wanted.uri() : relative(wanted.uri());
    boolean sameBytes = recorded == null || wanted.wireBody() == was.wireBody();
    AttemptEntity sent =
        new AttemptEntity(
            entity,
            recorded,
            sameBytes ? null : wanted.wireBody(),
            ofEntity(entity.getContentType(), CONTENT_TYPE, wanted),
            ofEntity(entity.getContentEncoding(), CONTENT_ENCODING, wanted),
            sending);
    AttemptRequest attempt = AttemptRequest.of(request, uri, sent, foreign, false);
    Set<String> changed = was.headers().differing(wanted.headers());
    if (changed.isEmpty() && !foreign) {
      attempt.setHeaders(request.getAllHeaders());
    } else {
      setHeaders(attempt, wanted.headers(), foreign);
    }
    return attempt;
  }

  private static URI relative(URI uri) {
    return URI.create(
        uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + '?' + uri.getRawQuery());
  }

  private static Header ofEntity(Header header, String name, WireRequest wanted) {
    return header != null && header.getValue() != null && wanted.headers().first(name) == null
        ? null
        : header;
  }

  private void setHeaders(AttemptRequest attempt, Headers wanted, boolean foreign) {
    for (int i = 0; i < wanted.size(); i++) {
      String name = wanted.name(i);
      String value = wanted.value(i);
      boolean hostsOwn = foreign && (name.equalsIgnoreCase("Host") || isFraming(name));
      if (!hostsOwn && !isOfEntity(name, value)) {
        attempt.addHeader(theSame(name, value));
      }
    }
  }

  private static boolean isFraming(String name) {
    return name.equalsIgnoreCase("Content-Length") || name.equalsIgnoreCase("Transfer-Encoding");
  }

  /** What the client will take from the entity by itself. */
  private boolean isOfEntity(String name, String value) {
    Header header =
        name.equalsIgnoreCase(CONTENT_TYPE)
            ? entity.getContentType()
            : name.equalsIgnoreCase(CONTENT_ENCODING) ? entity.getContentEncoding() : null;
    return header != null && value.equals(header.getValue()) && !request.containsHeader(name);
  }

  private Header theSame(String name, String value) {
    for (Header header : request.getHeaders(name)) {
      if (value.equals(header.getValue()) && name.equals(header.getName())) {
        return header;
      }
    }
    return new BasicHeader(name, value);
  }

  /**
   * The request as it goes on ungoverned: its entity has been read, or it says something to
   * Flyball.
   *
   * @param recorded null when the entity was not read
   */
  AttemptRequest passing(RecordedEntity recorded, boolean withoutFlyballs) {
    HttpEntity sent =
        recorded == null
            ? entity
            : new AttemptEntity(
                entity,
                recorded,
                null,
                entity.getContentType(),
                entity.getContentEncoding(),
                Sending.UNHEARD);
    AttemptRequest attempt = AttemptRequest.of(request, null, sent, false, true);
    for (Header header : request.getAllHeaders()) {
      if (!withoutFlyballs || !Headers.isForFlyball(header.getName())) {
        attempt.addHeader(header);
      }
    }
    return attempt;
  }
}
