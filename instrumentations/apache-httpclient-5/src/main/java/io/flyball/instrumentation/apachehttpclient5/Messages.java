package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.wire.BodyInputStream;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URI;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpMessage;
import org.apache.hc.core5.http.HttpVersion;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.apache.hc.core5.net.URIAuthority;

/**
 * The client's requests and responses to the engine's and back. Only what the engine changed is
 * changed; the rest keeps its bytes and its order.
 */
final class Messages {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_ENCODING = "Content-Encoding";
  private static final String CONTENT_LENGTH = "Content-Length";

  /** Public only since 5.4. */
  private static final Method ADAPT = adapt();

  private Messages() {}

  private static Method adapt() {
    try {
      Method adapt =
          CloseableHttpResponse.class.getDeclaredMethod("adapt", ClassicHttpResponse.class);
      adapt.setAccessible(true);
      return adapt;
    } catch (NoSuchMethodException missing) {
      throw new LinkageError("CloseableHttpResponse.adapt", missing);
    }
  }

  /** The request as the engine sees it, with what the client will say of its entity. */
  static WireRequest toWire(HttpHost target, ClassicHttpRequest request, byte[] body) {
    Headers.Builder headers = headers(request);
    HttpEntity entity = request.getEntity();
    if (entity.getContentType() != null && !request.containsHeader(CONTENT_TYPE)) {
      headers.add(CONTENT_TYPE, entity.getContentType());
    }
    if (entity.getContentEncoding() != null && !request.containsHeader(CONTENT_ENCODING)) {
      headers.add(CONTENT_ENCODING, entity.getContentEncoding());
    }
    return new WireRequest(
        request.getMethod(), Origins.uri(target, request), headers.build(), body);
  }

  private static Headers.Builder headers(HttpMessage message) {
    Header[] all = message.getHeaders();
    Headers.Builder builder = Headers.builder(all.length + 2);
    for (Header header : all) {
      builder.add(header.getName(), header.getValue() == null ? "" : header.getValue());
    }
    return builder;
  }

  /**
   * The original request with what the engine changed.
   *
   * @param was the original as the engine saw it
   * @param foreign whether it goes to another host
   * @param recorded the original's entity; null where it was not read
   * @param sending told when its body goes out
   */
  static AttemptRequest toAttempt(
      WireRequest wanted,
      WireRequest was,
      ClassicHttpRequest original,
      boolean foreign,
      RecordedEntity recorded,
      Sending sending)
      throws IOException {
    AttemptRequest attempt = AttemptRequest.of(original, wanted.uri(), false);
    if (!wanted.uri().equals(was.uri())) {
      attempt.setPath(Origins.path(wanted.uri()));
      if (foreign) {
        attempt.setScheme(wanted.uri().getScheme());
        attempt.setAuthority(new URIAuthority(wanted.host(), portAsWritten(wanted)));
        attempt.removeHeaders("Host");
      }
    }
    for (String name : was.headers().differing(wanted.headers())) {
      attempt.removeHeaders(name);
      for (String value : wanted.headers().all(name)) {
        attempt.addHeader(name, value);
      }
    }
    if (recorded == null) {
      sending.begin();
    } else if (wanted.wireBody() == was.wireBody() && wanted.headers().equals(was.headers())) {
      attempt.setEntity(recorded.telling(sending));
    } else {
      attempt.setEntity(changed(wanted, was, recorded, sending));
    }
    return attempt;
  }

  private static RecordedEntity changed(
      WireRequest wanted, WireRequest was, RecordedEntity recorded, Sending sending) {
    String type = wanted.headers().first(CONTENT_TYPE);
    String encoding = wanted.headers().first(CONTENT_ENCODING);
    return wanted.wireBody() == was.wireBody()
        ? recorded.as(type, encoding, sending)
        : recorded.with(wanted.wireBody(), type, encoding, sending);
  }

  /** -1 where none is written. */
  private static int portAsWritten(WireRequest request) {
    URI uri = request.uri();
    return uri.getPort() >= 0 || uri.getHost() == null ? request.port() : -1;
  }

  /** Where an attempt at another host goes. */
  static HttpHost host(WireRequest wanted) {
    return new HttpHost(wanted.uri().getScheme(), wanted.host(), portAsWritten(wanted));
  }

  /**
   * The head of a response as the engine is to see it: of the body that the client gives. Until 5.5
   * a client that decodes the body takes off what says that it was encoded, later it does not.
   */
  static Headers toWire(ClassicHttpResponse response) {
    Headers headers = headers(response).build();
    HttpEntity entity = response.getEntity();
    boolean decoded =
        entity != null
            && entity.getContentEncoding() == null
            && response.containsHeader(CONTENT_ENCODING);
    return decoded ? headers.without(CONTENT_ENCODING).without(CONTENT_LENGTH) : headers;
  }

  /** The answer for the application. */
  static CloseableHttpResponse toResponse(
      WireResponse answer, GovernedCall call, BooleanSupplier cancelled) {
    Object origin = answer.origin();
    return origin instanceof Received
        ? received(answer, (Received) origin, call, cancelled)
        : made(answer, call, cancelled);
  }

  private static CloseableHttpResponse received(
      WireResponse answer, Received received, GovernedCall call, BooleanSupplier cancelled) {
    CloseableHttpResponse response = received.response();
    if (response.getCode() != answer.status()) {
      response.setCode(answer.status());
    }
    for (String name : received.headers().differing(answer.headers())) {
      response.removeHeaders(name);
      for (String value : answer.headers().all(name)) {
        response.addHeader(name, value);
      }
    }
    HttpEntity real = received.entity();
    if (real != null) {
      boolean sameLength =
          answer.headers().all(CONTENT_LENGTH).equals(received.headers().all(CONTENT_LENGTH));
      boolean sameType =
          answer.headers().all(CONTENT_TYPE).equals(received.headers().all(CONTENT_TYPE));
      response.setEntity(
          new GovernedEntity(
              real,
              sameType ? real.getContentType() : answer.headers().first(CONTENT_TYPE),
              real.getContentEncoding(),
              sameLength ? real.getContentLength() : length(answer.headers()),
              new BodyInputStream(answer.body()),
              cancelled,
              call));
    }
    return response;
  }

  private static CloseableHttpResponse made(
      WireResponse answer, GovernedCall call, BooleanSupplier cancelled) {
    BasicClassicHttpResponse response = new BasicClassicHttpResponse(answer.status());
    response.setVersion(HttpVersion.HTTP_1_1);
    Headers headers = answer.headers();
    for (int i = 0; i < headers.size(); i++) {
      response.addHeader(headers.name(i), headers.value(i));
    }
    response.setEntity(
        new GovernedEntity(
            null,
            headers.first(CONTENT_TYPE),
            headers.first(CONTENT_ENCODING),
            length(headers),
            new BodyInputStream(answer.body()),
            cancelled,
            call));
    try {
      return (CloseableHttpResponse) ADAPT.invoke(null, response);
    } catch (IllegalAccessException | InvocationTargetException hidden) {
      throw new IllegalStateException(hidden);
    }
  }

  private static long length(Headers headers) {
    String length = headers.first(CONTENT_LENGTH);
    if (length == null) {
      return -1;
    }
    try {
      return Long.parseLong(length);
    } catch (NumberFormatException unknown) {
      return -1;
    }
  }

  /** Whether the request has a header that is said to Flyball. */
  static boolean saysSomethingToFlyball(HttpMessage request) {
    Iterator<Header> headers = request.headerIterator();
    while (headers.hasNext()) {
      if (Headers.isForFlyball(headers.next().getName())) {
        return true;
      }
    }
    return false;
  }
}
