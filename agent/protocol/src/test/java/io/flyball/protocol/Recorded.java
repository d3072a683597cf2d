package io.flyball.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;

/** One exchange of a real SDK with a mock provider, as it was recorded; all keys are dummies. */
final class Recorded {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final RequestHead head;
  final byte[] requestBody;
  final int status;
  final String contentType;
  final byte[] responseBody;

  private Recorded(JsonNode exchange) throws IOException {
    JsonNode request = exchange.at("/requests/0");
    String[] line = request.get("line").asText().split(" ", 3);
    String[] target = line[1].split("\\?", 2);
    this.head =
        new RequestHead(
            line[0],
            request.get("tls").asBoolean() ? "https" : "http",
            "localhost",
            8099,
            target[0],
            target.length > 1 ? target[1] : null,
            name -> header(request, name));
    this.requestBody = MAPPER.writeValueAsBytes(request.get("body"));
    JsonNode response = exchange.get("response");
    this.status = response.get("status").asInt();
    this.contentType = response.at("/headers/content-type").asText();
    this.responseBody = response.get("body").asText().getBytes(StandardCharsets.UTF_8);
  }

  static Recorded load(String name) {
    try (InputStream in = Recorded.class.getResourceAsStream("/recorded/" + name + ".json")) {
      return new Recorded(MAPPER.readTree(in));
    } catch (IOException e) {
      throw new AssertionError(name, e);
    }
  }

  RequestFacts recognise() {
    return new Protocols(Collections.<Endpoint>emptyList()).recognise(head, requestBody);
  }

  private static String header(JsonNode request, String name) {
    for (JsonNode header : request.get("headers")) {
      if (header.get(0).asText().equalsIgnoreCase(name)) {
        return header.get(1).asText();
      }
    }
    return null;
  }
}
