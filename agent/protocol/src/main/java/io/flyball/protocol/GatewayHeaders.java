package io.flyball.protocol;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What headers tell a gateway to make of a request: who may answer it, and what is said to them in
 * place of what the body says.
 */
public final class GatewayHeaders {
  /** Portkey's routes with what they change in the request, or their name; Helicone's others. */
  private static final String[] ROUTES = {"x-portkey-config", "helicone-fallbacks"};

  private GatewayHeaders() {}

  /**
   * The shape of routes: what counts of a request may stand in them at any depth, because each
   * gateway has a place of its own for it, and routes have routes.
   *
   * @param fields of a request
   * @param of knows that what is read there is said to who may answer instead
   */
  public static <A> JsonShape<A> routes(JsonShape.Builder<A> fields, Function<A, AskedModels> of) {
    return fields
        .begin(a -> of.apply(a).beginInstead())
        .end(a -> of.apply(a).endInstead())
        .othersAlike()
        .build();
  }

  /**
   * Tells the target what is said there.
   *
   * @param named told of routes that the gateway keeps, and that go by a name of their own: nobody
   *     here knows who answers, and a price file may say what it costs
   */
  public static <A> void read(
      RequestHead head, JsonShape<A> routes, A target, Consumer<String> named) {
    for (String header : ROUTES) {
      for (String value : head.headers(header)) {
        String said = value.trim();
        boolean read =
            said.isEmpty()
                || JsonDocument.readInAnyCase(
                    said.getBytes(StandardCharsets.UTF_8), routes, target);
        if (!read) {
          named.accept(said);
        }
      }
    }
  }
}
