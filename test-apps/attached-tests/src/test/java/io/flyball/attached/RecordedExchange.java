package io.flyball.attached;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.instrumentation.testing.provider.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One recorded exchange of a real SDK: the request it sent and the answer it got. */
final class RecordedExchange {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Written by every client itself. */
  private static final Set<String> CLIENTS_OWN =
      Set.of(
          "host",
          "content-length",
          "connection",
          "transfer-encoding",
          "upgrade",
          "http2-settings",
          "accept-encoding",
          "expect");

  private final String name;
  private final JsonNode request;
  private final JsonNode response;

  private RecordedExchange(String name, JsonNode request, JsonNode response) {
    this.name = name;
    this.request = request;
    this.response = response;
  }

  /** All recorded exchanges that are a POST with an answer. */
  static List<RecordedExchange> all(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.sorted().collect(Collectors.toList());
    }
    List<RecordedExchange> exchanges = new ArrayList<>();
    for (Path file : files) {
      JsonNode recorded = JSON.readTree(Files.readAllBytes(file));
      JsonNode request = recorded.path("requests").path(0);
      if (request.path("line").asText().startsWith("POST ")
          && recorded.path("response").path("status").isInt()) {
        String name = file.getFileName().toString().replace(".json", "");
        exchanges.add(new RecordedExchange(name, request, recorded.path("response")));
      }
    }
    return exchanges;
  }

  String name() {
    return name;
  }

  /** Path, headers, empty line, body: what the replay application sends. */
  byte[] requestFile() {
    StringBuilder head =
        new StringBuilder(request.path("line").asText().split(" ")[1]).append('\n');
    for (JsonNode header : request.path("headers")) {
      if (!CLIENTS_OWN.contains(header.path(0).asText().toLowerCase(Locale.ROOT))) {
        head.append(header.path(0).asText()).append(": ").append(header.path(1).asText());
        head.append('\n');
      }
    }
    head.append("X-Replay: ").append(name).append("\n\n");
    JsonNode body = request.path("body");
    String text = body.isTextual() ? body.asText() : body.toString();
    byte[] prefix = head.toString().getBytes(StandardCharsets.UTF_8);
    byte[] content = text.getBytes(StandardCharsets.UTF_8);
    byte[] file = Arrays.copyOf(prefix, prefix.length + content.length);
    System.arraycopy(content, 0, file, prefix.length, content.length);
    return file;
  }

  /** The recorded answer: streams in seven pieces cut anywhere, the rest at once. */
  Answer answer() {
    int status = response.path("status").asInt();
    List<String> headers = new ArrayList<>();
    response
        .path("headers")
        .fields()
        .forEachRemaining(
            header -> {
              if (!CLIENTS_OWN.contains(header.getKey().toLowerCase(Locale.ROOT))) {
                headers.add(header.getKey());
                headers.add(header.getValue().asText());
              }
            });
    byte[] body = body();
    String[] names = headers.toArray(new String[0]);
    if (!response.path("headers").path("content-type").asText().contains("stream")) {
      return Answer.of(status, body, names);
    }
    Answer answer = Answer.chunked(status, names);
    int piece = Math.max(1, body.length / 7);
    for (int from = 0; from < body.length; from += piece) {
      answer = answer.chunk(Arrays.copyOfRange(body, from, Math.min(body.length, from + piece)));
    }
    return answer.end();
  }

  private byte[] body() {
    JsonNode body = response.path("body");
    String text = body.isTextual() ? body.asText() : body.isMissingNode() ? "" : body.toString();
    return text.startsWith("base64:")
        ? Base64.getDecoder().decode(text.substring("base64:".length()))
        : text.getBytes(StandardCharsets.UTF_8);
  }
}
