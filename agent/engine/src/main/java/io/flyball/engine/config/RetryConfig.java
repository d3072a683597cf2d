package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;

/** {@code flyball.retry.*}: asking the same target again. */
public final class RetryConfig {
  static final Property<Integer> MAX_ATTEMPTS =
      Property.of(
              "retry.max-attempts",
              ValueType.wholeNumber(1, 10),
              "How often one target is asked for one call, the first time included; `1`: never"
                  + " again. Where you do not set it, an SDK that repeats by itself counts: no more"
                  + " and no less often than it would.")
          .defaultsTo("3");
  static final Property<Duration> MAX_TIME =
      Property.of(
              "retry.max-time",
              ValueType.duration("1ms", "1d"),
              "How long a caller is held by repetitions: how old a call may be when one target is"
                  + " asked for it again; for a client that never repeats by itself until another"
                  + " answer has begun, too, and what has not is cancelled for the failure there is."
                  + " Where you do not set it, what the caller would have waited without Flyball: an"
                  + " SDK's own waits, together at most 60s, and its timeout; for a client that never"
                  + " repeats 5s, and its read timeout. With another target in the chain"
                  + " `flyball.limit.max-wait` holds, too.")
          .defaultNote("as long as the SDK would; `5s` for other clients")
          .example("30s");
  static final Property<Duration> BASE_DELAY =
      Property.of(
              "retry.base-delay",
              ValueType.duration("1ms", "1h"),
              "The wait before the second attempt is a random part of this; it doubles with every"
                  + " further attempt. What the provider asks for (`Retry-After` and its like) is"
                  + " waited at least.")
          .defaultsTo("500ms");
  static final Property<Duration> MAX_DELAY =
      Property.of(
              "retry.max-delay",
              ValueType.duration("1ms", "1h"),
              "The doubling ends here. A wait the provider asks for may be longer, as long as"
                  + " `flyball.retry.max-time` and the call's time allow.")
          .defaultsTo("20s");
  static final Property<Double> BUDGET =
      Property.of(
              "retry.budget",
              ValueType.percent(),
              "How many attempts may be repetitions, as a share of the calls of the last minute; at"
                  + " least 10 a minute always may. Where you do not set it, those that an SDK would"
                  + " have made by itself always may.")
          .defaultsTo("20%");
  static final Property<Boolean> SUPPRESS_SDK =
      Property.of(
              "retry.suppress-sdk",
              ValueType.bool(),
              "Once Flyball has given up, the answer tells the SDK not to ask again"
                  + " (`x-should-retry: false`), so that its attempts do not multiply Flyball's.")
          .defaultsTo("true");
  public static final Section<RetryConfig> SECTION =
      Section.of(
          "Retry",
          "",
          RetryConfig::new,
          MAX_ATTEMPTS,
          MAX_TIME,
          BASE_DELAY,
          MAX_DELAY,
          BUDGET,
          SUPPRESS_SDK);

  private final int maxAttempts;
  private final boolean maxAttemptsSet;
  private final Duration maxTime;
  private final boolean budgetSet;
  private final Duration baseDelay;
  private final Duration maxDelay;
  private final double budget;
  private final boolean suppressSdk;

  RetryConfig(Values values) {
    this.maxAttempts = values.get(MAX_ATTEMPTS);
    this.maxAttemptsSet = values.isSet(MAX_ATTEMPTS);
    this.maxTime = values.get(MAX_TIME);
    this.budgetSet = values.isSet(BUDGET);
    this.baseDelay = values.get(BASE_DELAY);
    this.maxDelay = values.get(MAX_DELAY);
    this.budget = values.get(BUDGET);
    this.suppressSdk = values.get(SUPPRESS_SDK);
  }

  /** On one target, the first included: 1 to 10. */
  public int maxAttempts() {
    return maxAttempts;
  }

  /** Whether {@link #maxAttempts} is what the user asked for: also of SDKs with other habits. */
  public boolean isMaxAttemptsSet() {
    return maxAttemptsSet;
  }

  /** Until the last attempt at a target begins; null: as long as the client itself would. */
  public Duration maxTime() {
    return maxTime;
  }

  /** Whether {@link #budget} is what the user asked for: it holds for an SDK's own habits, too. */
  public boolean isBudgetSet() {
    return budgetSet;
  }

  public Duration baseDelay() {
    return baseDelay;
  }

  /** Also bounds {@link #baseDelay()}. */
  public Duration maxDelay() {
    return maxDelay;
  }

  /** Retries per call, from 0 to 1. */
  public double budget() {
    return budget;
  }

  public boolean suppressSdk() {
    return suppressSdk;
  }
}
