package io.flyball.attached;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.instrumentation.testing.wall.SixtyWords;
import io.flyball.instrumentation.testing.wall.WallAttempt;
import java.util.List;
import java.util.Locale;
import java.util.function.BiConsumer;

/**
 * The scenarios of FailoverBench, methodology 0.1, with shorter times: what is asked, what is
 * checked. Durations here follow {@link FailoverIT#TIMINGS} and the configuration there.
 */
enum Scenario {
  /** 429 with Retry-After (1 s), once. */
  S01(
      (cell, verdict) -> {
        verdict.advise("retried", cell.primary().size() >= 2);
        verdict.advise("Retry-After honoured", cell.firstGapMillis() >= 900);
        verdict.require("no hammering", cell.primaryWithin(750) <= 2);
      }),

  /** 429 without Retry-After, always. */
  S02(
      (cell, verdict) -> {
        verdict.require("no hammering", cell.primaryWithin(300) <= 4);
        verdict.require("attempts bounded", cell.primary().size() <= 6);
      }),

  /** 500 once. */
  S03((cell, verdict) -> verdict.advise("same provider again", cell.primary().size() >= 2)),

  /** 503 always. */
  S04((cell, verdict) -> verdict.require("attempts bounded", cell.primary().size() <= 6)),

  /** Reset before the head, once. */
  S05((cell, verdict) -> {}),

  /** Silence. */
  S06(
      (cell, verdict) -> {
        verdict.require("within the budget", cell.elapsedMillis() <= 15_000);
        verdict.advise("silent provider not asked again", cell.primary().size() <= 1);
      }),

  /** The first token takes long. */
  S07((cell, verdict) -> verdict.advise("first token limited", cell.elapsedMillis() <= 7_000)),

  /** Cut after 40 words. */
  S08((cell, verdict) -> {}),

  /** Stalls after 20 words. */
  S09(
      (cell, verdict) -> {
        verdict.require("bounded", cell.elapsedMillis() <= 15_000);
        verdict.require("alive after", cell.isAliveAfter());
      }),

  /** A malformed event. */
  S10(
      (cell, verdict) -> {
        verdict.require("alive after", cell.isAliveAfter());
        verdict.advise("recovered in place", cell.isComplete());
      }),

  /** No [DONE]. */
  S11(
      (cell, verdict) -> {
        verdict.require("ended promptly", cell.elapsedMillis() <= 4_000);
        verdict.advise("usage", cell.hasUsage());
      }),

  /** The prompt is too long. */
  S12((cell, verdict) -> verdict.require("same model once", cell.primary().size() == 1)),

  /** The prompt is against the rules: the provider's error is the right end. */
  S13((cell, verdict) -> verdict.require("same model once", cell.primary().size() == 1)),

  /** As S08; the fallback takes no prefill (here it never does). */
  S14(
      (cell, verdict) ->
          verdict.require(
              "refused prefill not shown",
              cell.outcome().equals("success") || cell.prefillRefusals() == 0)),

  /** Down, then healthy; many calls. */
  S15(
      (cell, verdict) -> {
        verdict.require("served during the outage", cell.isServedDuringOutage());
        verdict.require("back within 3 s", cell.recoveredAfterMillis() <= 3_000);
        verdict.inform("probes", cell.primaryDuringOutage() + " attempts during the outage");
      }),

  /** As S04; the accounting. */
  S16(
      (cell, verdict) -> {
        verdict.require("reports the fallback's model", cell.isReportedModelOfFallback());
        verdict.advise("usage", cell.hasUsage());
        verdict.require("attempts bounded", cell.primary().size() <= 6);
      });

  private static final int MAX_WAIT_MILLIS = 30_000;
  private final BiConsumer<FailoverCell, FailoverCell.Verdict> checks;

  Scenario(BiConsumer<FailoverCell, FailoverCell.Verdict> checks) {
    this.checks = checks;
  }

  /** Each way has a model of its own, so that neither opens the other's circuit breaker. */
  private String model(boolean stream) {
    return "fb-" + cellName(stream).toLowerCase(Locale.ROOT);
  }

  /** The argument of the program that makes the calls. */
  String round(boolean stream) {
    int calls = this == S15 ? 20 : 1;
    return String.join(
        ",",
        cellName(stream),
        model(stream),
        String.valueOf(stream),
        String.valueOf(calls),
        this == S15 ? "400" : "0",
        String.valueOf(MAX_WAIT_MILLIS));
  }

  String cellName(boolean stream) {
    return name() + (stream ? "-stream" : "-plain");
  }

  FailoverCell.Verdict judge(FailoverCell cell) {
    FailoverCell.Verdict verdict = new FailoverCell.Verdict();
    checks.accept(cell, verdict);
    return verdict.end(cell, this == S13);
  }

  /** Whether a call of the program was answered with all the words. */
  static boolean isComplete(JsonNode call) {
    String text = call.path("text").asText();
    return text.trim().replaceAll("\\s+", " ").equals(SixtyWords.TEXT);
  }

  /** The attempts of a round, told by the prompt. */
  static List<WallAttempt> attemptsOf(String round, List<WallAttempt> all) {
    return all.stream()
        .filter(attempt -> attempt.request().bodyText().contains("Round " + round + ":"))
        .toList();
  }
}
