package io.flyball.engine.breaker;

import io.flyball.settings.Draft;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;

/** {@code flyball.breaker.*}: when a target that fails is left alone. */
final class BreakerConfig {
  static final Property<Boolean> ENABLED =
      Property.of("breaker.enabled", ValueType.bool(), "`false`: no breaker ever opens.")
          .defaultsTo("true")
          .example("false");
  static final Property<Double> FAILURE_RATE =
      Property.of(
              "breaker.failure-rate",
              ValueType.percent(),
              "Opens when at least that share of the attempts in the window failed.")
          .defaultsTo("50%");
  static final Property<Integer> MIN_CALLS =
      Property.of(
              "breaker.min-calls",
              ValueType.wholeNumber(1, 1_000_000),
              "With fewer attempts in the window it does not open.")
          .defaultsTo("10");
  static final Property<Duration> WINDOW =
      Property.of("breaker.window", ValueType.duration("1s", "1h"), "How far back attempts count.")
          .defaultsTo("60s");
  static final Property<Duration> OPEN =
      Property.of(
              "breaker.open",
              ValueType.duration("1ms", "1h"),
              "How long it stays open before it lets a probe through; longer when the provider asks"
                  + " for it.")
          .defaultsTo("15s");
  static final Property<Double> SLOW_CALL_RATE =
      Property.of(
              "breaker.slow-call-rate",
              ValueType.orOff(ValueType.percent()),
              "Opens also when at least that share of the attempts in the window was slow; `off`:"
                  + " slowness does not matter.")
          .defaultsTo("off")
          .example("80%");
  static final Property<Duration> SLOW_CALL =
      Property.of(
              "breaker.slow-call",
              ValueType.duration("1ms", "1d"),
              "What takes at least that long until its first content is slow.")
          .defaultsTo("60s");
  static final Property<Refuse> REFUSE =
      Property.of(
              "breaker.refuse",
              ValueType.oneOf(Refuse.class),
              "What is kept from an open breaker's target. `when-others-can`: what somebody else in"
                  + " the chain may answer; where nobody can, the target is asked once, without"
                  + " retries of Flyball's. `always`: everything but a probe, which is refused where"
                  + " nobody else answers.")
          .defaultsTo("when-others-can")
          .example("always");
  static final Section<BreakerConfig> SECTION =
      Section.of(
              "Circuit breakers",
              "One for every target, model and credential. While it is open, calls go to the next target"
                  + " at once. Then one probe at a time is let through, and its success closes it."
                  + " Only what says that the target does not do well counts: connections that fail,"
                  + " timeouts, overload, errors of the server, unusable answers. What the caller did"
                  + " wrong, a credential that is not accepted, its limits and its quota never do.",
              BreakerConfig::new,
              ENABLED,
              FAILURE_RATE,
              MIN_CALLS,
              WINDOW,
              OPEN,
              SLOW_CALL_RATE,
              SLOW_CALL,
              REFUSE)
          .with(BreakerConfig::tellWhatDoesNothing);

  /** Which attempts an open breaker refuses. */
  enum Refuse {
    /** Those that somebody else may answer. */
    WHEN_OTHERS_CAN,
    /** All but a probe. */
    ALWAYS
  }

  private final boolean enabled;
  private final BreakerSettings settings;

  BreakerConfig(Values values) {
    Double slowCallRate = values.get(SLOW_CALL_RATE);
    this.enabled = values.get(ENABLED);
    this.settings =
        new BreakerSettings(
                values.get(FAILURE_RATE),
                slowCallRate,
                values.get(SLOW_CALL).toNanos(),
                values.get(MIN_CALLS),
                values.get(WINDOW).toNanos(),
                values.get(OPEN).toNanos())
            .alwaysRefusing(values.get(REFUSE) == Refuse.ALWAYS);
  }

  private static void tellWhatDoesNothing(Draft draft) {
    EffectiveSetting slowCall = draft.at(SLOW_CALL);
    if (draft.isGood() && slowCall.isSet() && draft.get(SLOW_CALL_RATE) == null) {
      draft.warn(slowCall, SLOW_CALL + " does nothing without " + SLOW_CALL_RATE);
    }
  }

  /** Whether breakers open at all. */
  boolean enabled() {
    return enabled;
  }

  BreakerSettings settings() {
    return settings;
  }
}
