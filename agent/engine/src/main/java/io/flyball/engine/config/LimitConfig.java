package io.flyball.engine.config;

import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limits;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** {@code flyball.limit.*}: how many calls and tokens at most. */
public final class LimitConfig {
  private static final String WHEN_OTHERS_CAN = "when-others-can";
  private static final Map<LimitScope, Triple> BY_SCOPE = byScope();
  private static final Triple ONE_TARGET = Triple.ofOneTarget();
  static final Property<Duration> MAX_WAIT =
      Property.of(
              "limit.max-wait",
              ValueType.duration("0s", "1h"),
              "How long a call waits for its turn before it is refused (or sent on to the next"
                  + " target); `0s`: not at all.")
          .defaultsTo("10s");
  static final Property<Adaptive> ADAPTIVE =
      Property.of(
              "limit.adaptive",
              new ValueType<Adaptive>() {
                @Override
                public Adaptive parse(String text) throws InvalidValueException {
                  if (text.trim().equalsIgnoreCase(WHEN_OTHERS_CAN)) {
                    return Adaptive.WHEN_OTHERS_CAN;
                  }
                  try {
                    return ValueType.bool().parse(text) ? Adaptive.ALWAYS : Adaptive.NEVER;
                  } catch (InvalidValueException neither) {
                    throw InvalidValueException.mustBe("true, false or " + WHEN_OTHERS_CAN);
                  }
                }
              },
              "When a provider says that it is asked too much (429), fewer calls with the same"
                  + " credential are sent there for a while, and none before the time it names;"
                  + " without any limit set, too. `when-others-can`: only those that somebody else"
                  + " in the chain may answer; the others are sent as without Flyball. `true`: all,"
                  + " they wait up to `limit.max-wait`. `false`: none.")
          .defaultsTo(WHEN_OTHERS_CAN)
          .example("true");
  static final Property<Boolean> SHARED =
      Property.of(
              "limit.shared",
              ValueType.bool(),
              "Where JVMs are a fleet (`flyball.redis.url`): whether they have these limits"
                  + " together. `false`: each has them by itself.")
          .defaultsTo("true");
  public static final Section<LimitConfig> SECTION =
      Section.of(
          "Limits",
          "Calls wait in a fair queue until they fit all limits that apply to them. `concurrency` is"
              + " the number of calls under way, `rpm` of requests a minute, `tpm` of tokens a"
              + " minute, prompt and answer together: estimated before a call and corrected after"
              + " it. `off`: no limit. Under `target`, `tenant`, `feature` and `user` the limit"
              + " holds for each of them by itself.",
          LimitConfig::new,
          properties());

  /** Which calls a provider's word that it is asked too much holds back. */
  private enum Adaptive {
    NEVER,
    WHEN_OTHERS_CAN,
    ALWAYS
  }

  private final Map<LimitScope, Limits> each = new EnumMap<>(LimitScope.class);
  private final Map<String, Limits> targets = new HashMap<>();
  private final Duration maxWait;
  private final Adaptive adaptive;
  private final boolean shared;

  LimitConfig(Values values) {
    for (Map.Entry<LimitScope, Triple> scope : BY_SCOPE.entrySet()) {
      each.put(scope.getKey(), scope.getValue().in(values));
    }
    Set<String> named = new TreeSet<>();
    for (Property<?> property : ONE_TARGET.all()) {
      named.addAll(values.names(property));
    }
    for (String name : named) {
      targets.put(name, ONE_TARGET.in(values, name, each.get(LimitScope.TARGET)));
    }
    this.maxWait = values.get(MAX_WAIT);
    this.adaptive = values.get(ADAPTIVE);
    this.shared = values.get(SHARED);
  }

  /** The limits of each value of the scope; {@link Limits#NONE} when there are none. */
  public Limits each(LimitScope scope) {
    return each.get(scope);
  }

  /** The limits of one configured target: its own, and for the rest those of every target. */
  public Limits target(String name) {
    return targets.getOrDefault(name, each.get(LimitScope.TARGET));
  }

  /** The same, as the limiter takes it. */
  public LimitSettings settings() {
    return new LimitSettings(each, targets, adaptive(), shared, adaptiveForAll());
  }

  /** Zero: nobody waits. */
  public Duration maxWait() {
    return maxWait;
  }

  /** Whether a provider's word that it is asked too much holds any calls back. */
  public boolean adaptive() {
    return adaptive != Adaptive.NEVER;
  }

  /** Whether it holds back also those that nobody else may answer. */
  public boolean adaptiveForAll() {
    return adaptive == Adaptive.ALWAYS;
  }

  private static Map<LimitScope, Triple> byScope() {
    Map<LimitScope, Triple> triples = new EnumMap<>(LimitScope.class);
    for (LimitScope scope : LimitScope.values()) {
      triples.put(scope, Triple.of(scope));
    }
    return Collections.unmodifiableMap(triples);
  }

  private static Property<?>[] properties() {
    List<Property<?>> properties = new ArrayList<>();
    for (Map.Entry<LimitScope, Triple> scope : BY_SCOPE.entrySet()) {
      properties.addAll(scope.getValue().all());
      if (scope.getKey() == LimitScope.TARGET) {
        properties.addAll(ONE_TARGET.all());
      }
    }
    properties.add(MAX_WAIT);
    properties.add(ADAPTIVE);
    properties.add(SHARED);
    return properties.toArray(new Property<?>[0]);
  }

  /** The three limits under one prefix. */
  private static final class Triple {
    private static final ValueType<Long> COUNT =
        limit(
            new ValueType<Long>() {
              private final ValueType<Integer> number = ValueType.wholeNumber(1, 100_000_000);

              @Override
              public Long parse(String text) throws InvalidValueException {
                return number.parse(text).longValue();
              }
            });
    private static final ValueType<Long> TOKENS = limit(ValueType.tokens());

    private final Property<Long> concurrency;
    private final Property<Long> rpm;
    private final Property<Long> tpm;

    private Triple(Property<Long> concurrency, Property<Long> rpm, Property<Long> tpm) {
      this.concurrency = concurrency;
      this.rpm = rpm;
      this.tpm = tpm;
    }

    static Triple of(LimitScope scope) {
      boolean all = scope == LimitScope.GLOBAL;
      String word = scope.name().toLowerCase(Locale.ROOT);
      String prefix = all ? "limit." : "limit." + word + '.';
      String of = all ? " in all." : " of each " + word + '.';
      return new Triple(
          Property.of(prefix + "concurrency", COUNT, "Calls under way" + of)
              .defaultsTo("off")
              .example("50"),
          Property.of(prefix + "rpm", COUNT, "Requests a minute" + of)
              .defaultsTo("off")
              .example("500"),
          Property.of(prefix + "tpm", TOKENS, "Tokens a minute" + of)
              .defaultsTo("off")
              .example("200k tokens"));
    }

    static Triple ofOneTarget() {
      return new Triple(
          ofOneTarget("concurrency", COUNT, "Calls under way to that target.", "50"),
          ofOneTarget("rpm", COUNT, "Requests a minute to that target.", "500"),
          ofOneTarget("tpm", TOKENS, "Tokens a minute of that target.", "200k tokens"));
    }

    private static Property<Long> ofOneTarget(
        String what, ValueType<Long> type, String meaning, String example) {
      return Property.of("limit.target.<name>." + what, type, meaning)
          .defaultNote("`flyball.limit.target." + what + "`")
          .example(example)
          .needing(TargetConfig.URL);
    }

    private static ValueType<Long> limit(ValueType<Long> type) {
      ValueType<Long> orOff = ValueType.orOff(type);
      return new ValueType<Long>() {
        @Override
        public Long parse(String text) throws InvalidValueException {
          Long limit = orOff.parse(text);
          return limit == null ? Long.valueOf(Limits.UNLIMITED) : limit;
        }
      };
    }

    List<Property<Long>> all() {
      return Arrays.asList(concurrency, rpm, tpm);
    }

    Limits in(Values values) {
      return new Limits(values.get(concurrency), values.get(rpm), values.get(tpm));
    }

    Limits in(Values values, String name, Limits others) {
      Long ownConcurrency = values.get(concurrency, name);
      Long ownRpm = values.get(rpm, name);
      Long ownTpm = values.get(tpm, name);
      return new Limits(
          ownConcurrency == null ? others.concurrency() : ownConcurrency,
          ownRpm == null ? others.rpm() : ownRpm,
          ownTpm == null ? others.tpm() : ownTpm);
    }
  }
}
