package io.flyball.protocol;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** What headers tell a gateway of the models that may answer in place of the one in the body. */
final class GatewayHeaders {
  /** Portkey's routes with what they change in the request, or their name; Helicone's others. */
  private static final String[] ROUTES = {"x-portkey-config", "helicone-fallbacks"};

  private static final int DEPTH = 16;
  private static final JsonShape<GatewayHeaders> SHAPE = shape();

  private final List<String> models = new ArrayList<>();
  private boolean tooDeep;

  private GatewayHeaders() {}

  private static JsonShape<GatewayHeaders> shape() {
    JsonShape<GatewayHeaders> inner =
        JsonShape.<GatewayHeaders>builder().others(GatewayHeaders::deeper).build();
    for (int depth = 0; depth < DEPTH; depth++) {
      inner =
          JsonShape.<GatewayHeaders>builder()
              .value("model", (headers, v) -> headers.models.add(v.text()))
              .othersInside(inner)
              .build();
    }
    return inner;
  }

  private void deeper(JsonKind kind) {
    tooDeep = true;
  }

  /**
   * The models that are named there. Routes that the gateway keeps go by a name of their own, and
   * that is given: nobody here knows who answers, and a price file may say what it costs.
   */
  static List<String> models(RequestHead head) {
    GatewayHeaders headers = new GatewayHeaders();
    for (String header : ROUTES) {
      String value = head.header(header);
      if (value != null && !value.trim().isEmpty()) {
        headers.read(value.trim());
      }
    }
    return headers.models;
  }

  private void read(String value) {
    boolean read = JsonDocument.read(value.getBytes(StandardCharsets.UTF_8), SHAPE, this);
    if (!read || tooDeep) {
      models.add(value);
    }
  }
}
