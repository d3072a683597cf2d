package io.flyball.attached;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.instrumentation.testing.wall.WallAttempt;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What happened in one scenario with one client in one way: the caller's view and the wall's. */
final class FailoverCell {
  private final String name;
  private final List<JsonNode> calls;
  private final JsonNode alive;
  private final List<WallAttempt> primary;
  private final List<WallAttempt> fallback;
  private final long outageMillis;

  /**
   * A cell.
   *
   * @param calls as the program printed them
   * @param alive the healthy call after it, missing when there was none
   */
  FailoverCell(
      String name,
      List<JsonNode> calls,
      JsonNode alive,
      List<WallAttempt> primary,
      List<WallAttempt> fallback,
      long outageMillis) {
    this.name = name;
    this.calls = calls;
    this.alive = alive;
    this.primary = primary;
    this.fallback = fallback;
    this.outageMillis = outageMillis;
  }

  String name() {
    return name;
  }

  List<WallAttempt> primary() {
    return primary;
  }

  /** {@code success}, {@code error} or {@code hang}; of many calls the worst. */
  String outcome() {
    List<String> outcomes =
        calls.stream().map(call -> call.path("outcome").asText()).collect(Collectors.toList());
    return outcomes.isEmpty() || outcomes.contains("hang")
        ? "hang"
        : outcomes.contains("error") ? "error" : "success";
  }

  boolean isComplete() {
    return calls.stream().allMatch(Scenario::isComplete);
  }

  long elapsedMillis() {
    return calls.stream().mapToLong(call -> call.path("elapsed_ms").asLong()).max().orElse(0);
  }

  long firstGapMillis() {
    return primary.size() < 2 ? -1 : primary.get(1).millis() - primary.get(0).millis();
  }

  long primaryWithin(long millis) {
    return primary.stream().filter(attempt -> attempt.millisOfModel() < millis).count();
  }

  boolean isAliveAfter() {
    return alive.path("outcome").asText().equals("success") && Scenario.isComplete(alive);
  }

  boolean hasUsage() {
    return calls.stream()
        .allMatch(
            call ->
                call.path("output_tokens").asLong() > 0 && call.path("input_tokens").asLong() > 0);
  }

  /** True when the fallback was not used. */
  boolean isReportedModelOfFallback() {
    return fallback.isEmpty()
        || calls.stream().allMatch(call -> call.path("model").asText().contains("fb-noprefill"));
  }

  long prefillRefusals() {
    return fallback.stream().filter(attempt -> attempt.action().equals("400 prefill")).count();
  }

  boolean isServedDuringOutage() {
    return calls.stream()
        .filter(call -> call.path("sent_ms").asLong() < outageMillis)
        .allMatch(call -> call.path("outcome").asText().equals("success"));
  }

  long recoveredAfterMillis() {
    return primary.stream()
        .filter(attempt -> attempt.action().startsWith("200"))
        .mapToLong(attempt -> attempt.millisOfModel() - outageMillis)
        .min()
        .orElse(Long.MAX_VALUE);
  }

  long primaryDuringOutage() {
    return primary.stream().filter(attempt -> attempt.millisOfModel() < outageMillis).count();
  }

  /** Both views, for an assertion's message. */
  String describe() {
    StringBuilder text = new StringBuilder(name);
    calls.forEach(call -> text.append("\n    call ").append(shortened(call)));
    if (!alive.isMissingNode()) {
      text.append("\n    alive ").append(shortened(alive));
    }
    primary.forEach(attempt -> text.append("\n    primary ").append(attempt));
    fallback.forEach(attempt -> text.append("\n    fallback ").append(attempt));
    return text.toString();
  }

  private static String shortened(JsonNode call) {
    String line = call.toString();
    return line.length() < 700 ? line : line.substring(0, 700) + "...";
  }

  /** How a cell is judged. */
  static final class Verdict {
    private final List<String> failed = new ArrayList<>();
    private final List<String> advised = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private String word;

    void require(String check, boolean held) {
      if (!held) {
        failed.add(check);
      }
    }

    void advise(String check, boolean held) {
      if (!held) {
        advised.add(check);
      }
    }

    void inform(String check, String what) {
      notes.add(check + ": " + what);
    }

    /** The verdict over everything: rescued, checks, honest ends. */
    Verdict end(FailoverCell cell, boolean errorIsRight) {
      String outcome = cell.outcome();
      boolean success = outcome.equals("success");
      if (outcome.equals("hang")) {
        word = "fail";
        failed.add("hang");
      } else if (success && !errorIsRight && !cell.isComplete()) {
        word = "fail";
        failed.add("a truncated or altered answer presented as success");
      } else if (!failed.isEmpty()) {
        word = "fail";
      } else if (success == errorIsRight) {
        word = errorIsRight ? "partial" : "safe";
      } else {
        word = advised.isEmpty() ? "pass" : "partial";
      }
      return this;
    }

    boolean isPass() {
      return word.equals("pass");
    }

    /** {@code pass}, {@code partial}, {@code safe} or {@code fail}. */
    String word() {
      return word;
    }

    @Override
    public String toString() {
      return word
          + (failed.isEmpty() ? "" : ", failed " + failed)
          + (advised.isEmpty() ? "" : ", advised " + advised)
          + (notes.isEmpty() ? "" : " " + notes);
    }
  }
}
