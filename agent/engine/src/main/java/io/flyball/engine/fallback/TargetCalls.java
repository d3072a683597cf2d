package io.flyball.engine.fallback;

import io.flyball.engine.Recogniser;
import io.flyball.engine.call.ModelCall;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.conversation.RequestTranslation;
import io.flyball.protocol.conversation.TargetModel;
import io.flyball.protocol.conversation.TranslatedRequest;
import io.flyball.protocol.conversation.TravellingHeaders;
import io.flyball.protocol.conversation.UntranslatableException;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import java.net.URI;
import java.util.Map;

/**
 * Makes the call to a target out of the application's. Nothing that was meant for the application's
 * own host goes to another one: no header but those of the format and the trace, and the target's
 * own.
 */
final class TargetCalls {
  private final Recogniser recogniser;

  TargetCalls(Recogniser recogniser) {
    this.recogniser = recogniser;
  }

  /**
   * The call as it goes to the target.
   *
   * @return null when the target would be sent something that is no model call
   * @throws UntranslatableException when the target's format cannot say what the request says
   */
  ModelCall to(Target target, ModelCall call) throws UntranslatableException {
    WireRequest asked = call.request();
    boolean ownEndpoint = target.apiKey() == null && isAt(target, asked);
    TranslatedRequest translated =
        RequestTranslation.translate(
            call.facts(), pathAndQuery(asked.uri()), asked.body(), model(target, ownEndpoint));
    URI uri = URI.create(RequestTranslation.join(target.url().toString(), translated.path()));
    WireRequest request =
        new WireRequest(
            asked.method(),
            uri,
            headers(target, translated, asked, ownEndpoint),
            translated.body());
    RequestFacts facts = recogniser.recognise(head(request), request.body());
    return facts == null ? null : call.toTarget(target.name(), request, facts);
  }

  private static TargetModel model(Target target, boolean ownEndpoint) {
    return TargetModel.builder(target.protocol())
        .model(target.model())
        .maxOutputTokens(target.maxOutputTokens() > 0 ? target.maxOutputTokens() : null)
        .sameEndpoint(ownEndpoint)
        .build();
  }

  private static String pathAndQuery(URI uri) {
    return uri.getRawQuery() == null
        ? uri.getRawPath()
        : uri.getRawPath() + '?' + uri.getRawQuery();
  }

  private static boolean isAt(Target target, WireRequest request) {
    WireRequest there = new WireRequest(request.method(), target.url(), Headers.EMPTY, new byte[0]);
    return target.url().getScheme().equalsIgnoreCase(request.uri().getScheme())
        && there.host().equalsIgnoreCase(request.host())
        && there.port() == request.port();
  }

  private static Headers headers(
      Target target, TranslatedRequest translated, WireRequest request, boolean ownEndpoint) {
    boolean same = translated.sameProtocol();
    Headers asked = request.headers();
    Headers.Builder headers = Headers.builder();
    for (int i = 0; i < asked.size(); i++) {
      String name = asked.name(i);
      boolean goes = ownEndpoint && same || TravellingHeaders.mayTravel(name, same);
      boolean ofTheBytes =
          name.equalsIgnoreCase("Content-Length")
              // What is made out of it is plain JSON.
              || (request.isEncoded() && name.equalsIgnoreCase("Content-Encoding"));
      if (goes && !ofTheBytes) {
        headers.add(name, asked.value(i));
      }
    }
    for (Map.Entry<String, String> needed : translated.headers()) {
      headers.set(needed.getKey(), needed.getValue());
    }
    if (target.apiKey() != null) {
      Map.Entry<String, String> credential =
          TravellingHeaders.credential(target.protocol(), target.apiKey());
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
        request.headers()::first,
        request.headers()::all);
  }
}
