package io.flyball.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/** The calls in a Flyball event file, added up. */
public final class CallEvents {
  private final List<JsonNode> events;

  private CallEvents(List<JsonNode> events) {
    this.events = events;
  }

  /**
   * Reads an event file; one that does not exist holds no calls, a line being written is left out,
   * and so is what tells of something else.
   *
   * @throws IOException when it cannot be read
   */
  public static CallEvents read(Path file) throws IOException {
    List<JsonNode> events = new ArrayList<>();
    if (Files.exists(file)) {
      String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
      String written = text.substring(0, text.lastIndexOf('\n') + 1);
      for (String line : written.split("\n")) {
        if (!line.isEmpty()) {
          JsonNode event = StandInModels.parse(line);
          if (!event.has("event")) {
            events.add(event);
          }
        }
      }
    }
    return new CallEvents(events);
  }

  public List<JsonNode> all() {
    return events;
  }

  /** Sums per value of a field, in the order of the values. */
  public Map<String, Totals> by(String field) {
    return by(event -> event.path(field).asText("-"));
  }

  public Totals total() {
    return by(event -> "all").getOrDefault("all", new Totals());
  }

  private Map<String, Totals> by(Function<JsonNode, String> key) {
    Map<String, Totals> totals = new TreeMap<>();
    for (JsonNode event : events) {
      totals.computeIfAbsent(key.apply(event), name -> new Totals()).add(event);
    }
    return totals;
  }

  /** Calls, tokens and money of some events. */
  public static final class Totals {
    private int calls;
    private int errors;
    private long inputTokens;
    private long outputTokens;
    private BigDecimal costUsd = BigDecimal.ZERO;

    private void add(JsonNode event) {
      calls++;
      errors += event.has("error_type") ? 1 : 0;
      inputTokens += event.path("input_tokens").asLong();
      outputTokens += event.path("output_tokens").asLong();
      if (event.has("cost_usd")) {
        costUsd = costUsd.add(new BigDecimal(event.path("cost_usd").asText()));
      }
    }

    public int calls() {
      return calls;
    }

    public int errors() {
      return errors;
    }

    public long inputTokens() {
      return inputTokens;
    }

    public long outputTokens() {
      return outputTokens;
    }

    public BigDecimal costUsd() {
      return costUsd;
    }
  }
}
