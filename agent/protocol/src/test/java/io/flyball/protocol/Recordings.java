package io.flyball.protocol;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every exchange of a real SDK with a mock provider that the attached tests replay. */
public final class Recordings {
  private static final Path FOLDER =
      Paths.get("..", "..", "test-apps", "attached-tests", "src", "test", "resources", "recorded");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** One of them. */
  public static final class Recording {
    public final String name;
    public final JsonNode exchange;

    private Recording(Path file) {
      this.name = file.getFileName().toString().replace(".json", "");
      try {
        this.exchange = MAPPER.readTree(Files.readAllBytes(file));
      } catch (IOException e) {
        throw new AssertionError(name, e);
      }
    }

    /** Headers of the first request by their name in any case. */
    public Map<String, String> requestHeaders() {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      for (JsonNode header : exchange.at("/requests/0/headers")) {
        headers.put(header.get(0).asText(), header.get(1).asText());
      }
      return headers;
    }

    public Map<String, String> responseHeaders() {
      Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
      Iterator<Map.Entry<String, JsonNode>> fields = exchange.at("/response/headers").fields();
      while (fields.hasNext()) {
        Map.Entry<String, JsonNode> field = fields.next();
        headers.put(field.getKey(), field.getValue().asText());
      }
      return headers;
    }

    /** What the first request says about itself, or null when it is in no known protocol. */
    public RequestFacts recognise() {
      return recognise(exchange.at("/requests/0/body").toString().getBytes(StandardCharsets.UTF_8));
    }

    /** The same of another body in its place. */
    public RequestFacts recognise(byte[] body) {
      JsonNode request = exchange.at("/requests/0");
      String[] line = request.get("line").asText().split(" ", 3);
      String[] target = line[1].split("\\?", 2);
      String query = target.length > 1 ? target[1] : null;
      Map<String, String> headers = requestHeaders();
      RequestHead head =
          new RequestHead(line[0], "https", "localhost", 8099, target[0], query, headers::get);
      return new Protocols(Collections.<Endpoint>emptyList()).recognise(head, body);
    }

    /** 0 when there was no response. */
    public int status() {
      return exchange.at("/response/status").asInt();
    }

    public byte[] responseBody() {
      return exchange.at("/response/body").asText().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private Recordings() {}

  public static List<Recording> all() {
    try (Stream<Path> files = Files.list(FOLDER)) {
      List<Path> sorted =
          files
              .filter(file -> file.toString().endsWith(".json"))
              .sorted()
              .collect(Collectors.toList());
      List<Recording> recordings = new ArrayList<>();
      for (Path file : sorted) {
        recordings.add(new Recording(file));
      }
      return recordings;
    } catch (IOException e) {
      throw new AssertionError(FOLDER.toAbsolutePath().toString(), e);
    }
  }
}
