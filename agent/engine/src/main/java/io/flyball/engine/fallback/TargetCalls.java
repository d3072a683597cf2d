package io.flyball.engine.fallback;

import io.flyball.engine.Recogniser;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.WireRequest;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.conversation.RequestTranslation;
import io.flyball.protocol.conversation.TargetModel;
import io.flyball.protocol.conversation.TranslatedRequest;
import io.flyball.protocol.conversation.UntranslatableException;
import java.net.URI;
import java.util.Map;

/**
 * Makes the call to a target out of the application's. Nothing that was meant for the application's
 * own host goes to another one: no header but those the target's format needs, the target's own, and
 * the trace's.
 */
final class TargetCalls {
  private static final String[] TRACE_HEADERS = {"traceparent", "tracestate"};

  private final Recogniser recogniser;

  TargetCalls(Recogniser recogniser) {
    this.recogniser = recogniser;
  }

  /**
   * The call as it goes to the target.
   *
   * @throws UntranslatableException when the target's format cannot say what the request says
   */
  ModelCall to(Target target, ModelCall call) throws UntranslatableException {
    WireRequest asked = call.request();
    TranslatedRequest translated =
        RequestTranslation.translate(
            call.facts(), pathAndQuery(asked.uri()), asked.body(), model(target));
    URI uri = target.url() == null ? asked.uri() : null;
    boolean ownEndpoint = target.url() == null || (target.apiKey() == null && isAt(target, asked));
    if (uri == null || !translated.path().equals(pathAndQuery(uri))) {
      uri = translated.uri(target.url() == null ? asked.uri() : target.url());
    }
    Headers headers = ownEndpoint && translated.sameProtocol()
        ? asked.headers().without("Content-Length")
        : headers(target, translated, asked.headers());
    WireRequest request = new WireRequest(asked.method(), uri, headers, translated.body());
    RequestFacts facts = recogniser.recognise(head(request), request.body());
    if (facts == null) {
      throw new UntranslatableException("a request that would not be known for a model call");
    }
    return call.toTarget(target.name(), request, facts);
  }

  private static TargetModel model(Target target) {
    return new TargetModel(
        target.protocol(),
        target.model(),
        target.maxOutputTokens() > 0 ? target.maxOutputTokens() : null);
  }

  private static String pathAndQuery(URI uri) {
    return uri.getRawQuery() == null ? uri.getRawPath() : uri.getRawPath() + '?' + uri.getRawQuery();
  }

  private static boolean isAt(Target target, WireRequest request) {
    WireRequest there =
        new WireRequest(request.method(), target.url(), Headers.EMPTY, new byte[0]);
    return target.url().getScheme().equalsIgnoreCase(request.uri().getScheme())
        && there.host().equalsIgnoreCase(request.host())
        && there.port() == request.port();
  }

  private static Headers headers(Target target, TranslatedRequest translated, Headers asked) {
    Headers.Builder headers = Headers.builder();
    for (Map.Entry<String, String> needed : translated.headers().entrySet()) {
      headers.set(needed.getKey(), needed.getValue());
    }
    for (String name : TRACE_HEADERS) {
      String value = asked.first(name);
      if (value != null) {
        headers.set(name, value);
      }
    }
    if (target.apiKey() != null) {
      Map.Entry<String, String> credential = translated.credential(target.apiKey());
      headers.set(credential.getKey(), credential.getValue());
    }
    for (Map.Entry<String, String> own : target.headers().entrySet()) {
      headers.set(own.getKey(), own.getValue());
    }
    return headers.build();
  }

  private static RequestHead head(WireRequest request) {
    return new RequestHead(
        request.method(),
        request.uri().getScheme(),
        request.host(),
        request.port(),
        request.uri().getRawPath(),
        request.uri().getRawQuery(),
        request.headers()::first);
  }
}
