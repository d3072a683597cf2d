package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireResponse;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.HttpVersion;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.entity.BasicHttpEntity;
import org.apache.http.impl.EnglishReasonPhraseCatalog;
import org.apache.http.message.BasicHttpResponse;
import org.apache.http.message.BasicStatusLine;
import org.apache.http.protocol.HttpContext;

/** Makes the application's response of the engine's answer, and its context agree with it. */
final class Delivery {
  private static final String CONTENT_TYPE = "Content-Type";
  private static final String CONTENT_LENGTH = "Content-Length";
  private static final String REQUEST = "http.request";
  private static final String RESPONSE = "http.response";
  private static final String TARGET = "http.target_host";

  private Delivery() {}

  static CloseableHttpResponse of(
      WireResponse answer, Asked asked, HttpContext context, GovernedCall call) {
    Object origin = answer.origin();
    GovernedResponse response;
    if (origin instanceof Received) {
      Received received = (Received) origin;
      response = received(answer, received, call);
      received.tell(context);
      if (context.getAttribute(RESPONSE) == received.response()) {
        context.setAttribute(RESPONSE, response);
        return response;
      }
    } else {
      response = made(answer, call);
    }
    context.setAttribute(TARGET, asked.target());
    context.setAttribute(REQUEST, HttpRequestWrapper.wrap(asked.request()));
    context.setAttribute(RESPONSE, response);
    return response;
  }

  private static GovernedResponse received(
      WireResponse answer, Received received, GovernedCall call) {
    CloseableHttpResponse real = received.response();
    Set<String> changed = received.headers().differing(answer.headers());
    for (String name : changed) {
      real.removeHeaders(name);
      for (String value : answer.headers().all(name)) {
        real.addHeader(name, value);
      }
    }
    if (real.getStatusLine().getStatusCode() != answer.status()) {
      real.setStatusCode(answer.status());
    }
    HttpEntity entity = real.getEntity();
    Body body = answer.body();
    if (entity == null) {
      body = orNull(body);
      if (body == null) {
        return new GovernedResponse(real, null, call);
      }
      entity = new BasicHttpEntity();
    }
    boolean sameLength =
        real.getEntity() != null
            && !changed.contains("content-length")
            && !changed.contains("content-encoding");
    GovernedStream stream = new GovernedStream(body, isDecompressing(entity));
    real.setEntity(
        new GovernedEntity(
            entity,
            stream,
            sameLength ? entity.getContentLength() : length(answer),
            changed.contains("content-type") || real.getEntity() == null
                ? real.getFirstHeader(CONTENT_TYPE)
                : entity.getContentType()));
    return new GovernedResponse(real, stream, call);
  }

  /** An entity that decompresses does not know its length, and is not one of the connection's. */
  private static boolean isDecompressing(HttpEntity entity) {
    return entity.getClass().getName().startsWith("org.apache.http.client.entity.");
  }

  /** A response without an entity is closed by nobody: the call is over. */
  private static Body orNull(Body body) {
    ByteBuffer first = null;
    try {
      first = body.read().toCompletableFuture().join();
    } catch (RuntimeException nothing) {
      // As the response says.
    }
    if (first == null) {
      body.close();
      return null;
    }
    return Bodies.concat(Collections.singletonList(first), body);
  }

  private static GovernedResponse made(WireResponse answer, GovernedCall call) {
    int status = answer.status();
    String reason =
        status >= 100 && status < 600
            ? EnglishReasonPhraseCatalog.INSTANCE.getReason(status, Locale.ENGLISH)
            : null;
    HttpResponse made =
        new BasicHttpResponse(
            new BasicStatusLine(HttpVersion.HTTP_1_1, status, reason == null ? "" : reason),
            EnglishReasonPhraseCatalog.INSTANCE,
            Locale.getDefault());
    for (int i = 0; i < answer.headers().size(); i++) {
      made.addHeader(answer.headers().name(i), answer.headers().value(i));
    }
    Header type = made.getFirstHeader(CONTENT_TYPE);
    GovernedStream stream = new GovernedStream(answer.body(), false);
    long length = length(answer);
    BasicHttpEntity entity = new BasicHttpEntity();
    entity.setChunked(length < 0);
    made.setEntity(new GovernedEntity(entity, stream, length, type));
    return new GovernedResponse(made, stream, call);
  }

  private static long length(WireResponse answer) {
    List<String> lengths = answer.headers().all(CONTENT_LENGTH);
    try {
      return lengths.size() == 1 ? Long.parseLong(lengths.get(0)) : -1;
    } catch (NumberFormatException unknown) {
      return -1;
    }
  }
}
