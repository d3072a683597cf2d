package io.flyball.instrumentation.testing.wall;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * A provider of chat completions that breaks on purpose: the model's name says how ({@code
 * fb-s04-503} breaks as {@link Fault#S04} says, {@code fb-ok} never does). Every healthy answer is
 * {@link SixtyWords#TEXT}, and every request is logged. Counts and outages are per model and per
 * way (stream or not), so different models can be asked at the same time.
 *
 * <p>The faults are those of the public benchmark FailoverBench, methodology 0.1. For use as what a
 * {@code FakeProvider} answers with.
 */
public final class Wall implements Function<RecordedRequest, Answer> {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final WallTimings timings;
  private final long startNanos = System.nanoTime();
  private final List<WallAttempt> attempts = new ArrayList<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final Map<String, Long> firstMillis = new HashMap<>();

  public Wall(WallTimings timings) {
    this.timings = timings;
  }

  /** Everything asked so far, in the order it came. */
  public synchronized List<WallAttempt> attempts() {
    return Collections.unmodifiableList(new ArrayList<>(attempts));
  }

  @Override
  public Answer apply(RecordedRequest request) {
    if (!request.path().split("\\?")[0].endsWith("/chat/completions")) {
      return error(404, "invalid_request_error", "not_found", "No such path.");
    }
    JsonNode body;
    try {
      body = JSON.readTree(request.body());
    } catch (IOException notJson) {
      return error(400, "invalid_request_error", "invalid_json", "The body is not JSON.");
    }
    WallAttempt attempt = logged(request, body);
    Fault fault = Fault.of(attempt.model());
    if (fault == null) {
      attempt.did("404");
      return error(404, "invalid_request_error", "model_not_found", "No such model.");
    }
    return fault.answer(attempt, timings);
  }

  private synchronized WallAttempt logged(RecordedRequest request, JsonNode body) {
    String key = body.path("model").asText() + '/' + body.path("stream").asBoolean();
    long now = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    long first = firstMillis.computeIfAbsent(key, unseen -> now);
    int number = counts.merge(key, 1, Integer::sum);
    WallAttempt attempt = new WallAttempt(request, body, number, now, now - first);
    attempts.add(attempt);
    return attempt;
  }

  /** An error in OpenAI's form, with alternating names and values of headers. */
  static Answer error(int status, String type, String code, String message, String... headers) {
    ObjectNode answer = JSON.createObjectNode();
    answer
        .putObject("error")
        .put("message", message)
        .put("type", type)
        .put("code", code)
        .putNull("param");
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "content-type";
    all[1] = "application/json";
    return Answer.of(status, answer.toString(), all);
  }
}
