package io.flyball.engine.config;

import io.flyball.engine.fallback.FallbackReason;
import io.flyball.settings.Draft;
import io.flyball.settings.InvalidValueException;
import io.flyball.settings.NameKind;
import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code flyball.fallback.*}: who answers when the application's own target does not. */
public final class FallbackConfig {
  static final String CACHE = "cache";
  static final String STATIC = "static:";
  private static final int MAX_STEPS = 100;

  private static final ValueType<List<FallbackStep>> STEPS =
      new ValueType<List<FallbackStep>>() {
        @Override
        public List<FallbackStep> parse(String text) throws InvalidValueException {
          List<String> items = new ArrayList<>();
          String rest = text;
          // A text goes on to the end, whatever is in it.
          for (int comma = rest.indexOf(',');
              comma >= 0 && !rest.trim().startsWith(STATIC) && items.size() <= MAX_STEPS;
              comma = rest.indexOf(',')) {
            items.add(rest.substring(0, comma));
            rest = rest.substring(comma + 1);
          }
          items.add(rest);
          return parseItems(items);
        }

        @Override
        public List<FallbackStep> parseItems(List<String> items) throws InvalidValueException {
          List<FallbackStep> steps = new ArrayList<>();
          for (String item : items) {
            boolean ended =
                !steps.isEmpty() && steps.get(steps.size() - 1).kind() == FallbackStep.Kind.STATIC;
            FallbackStep step = step(item.trim());
            if (step == null || ended || steps.size() == MAX_STEPS || steps.contains(step)) {
              throw InvalidValueException.mustBe(
                  "a list of different targets' names and cache, which may end with static:<text>");
            }
            steps.add(step);
          }
          return Collections.unmodifiableList(steps);
        }

        @Override
        public boolean isList() {
          return true;
        }

        /** Null when it is none. */
        private FallbackStep step(String item) {
          if (item.startsWith(STATIC)) {
            String text = item.substring(STATIC.length()).trim();
            return text.isEmpty() ? null : new FallbackStep(FallbackStep.Kind.STATIC, text);
          }
          if (item.equals(CACHE)) {
            return new FallbackStep(FallbackStep.Kind.CACHE, null);
          }
          return NameKind.NAME.allows(item)
              ? new FallbackStep(FallbackStep.Kind.TARGET, item)
              : null;
        }
      };

  static final Property<List<FallbackStep>> CHAIN =
      Property.of(
              "fallback.chain",
              STEPS,
              "Who is asked, in this order, when the application's own target does not answer: names"
                  + " of targets, `cache` (the last good answer to the same question), and at the"
                  + " end `static:<text>`, which answers with that text, commas included.")
          .defaultNote("none")
          .example("backup, cache, static:Please try again later.")
          .naming(TargetConfig.URL, FallbackConfig::targetsIn);
  static final Property<List<FallbackReason>> ON =
      Property.of(
              "fallback.on",
              ValueType.listOf(ValueType.oneOf(FallbackReason.class)),
              "What sends a call on: `error`, `timeout`, `rate-limit`, `breaker-open`,"
                  + " `context-window` (to a larger one only), `budget`, and `content-filter`, which"
                  + " is not among the default ones: what a provider refuses is not put to another"
                  + " unless you say so.")
          .defaultsTo("error, timeout, rate-limit, breaker-open, context-window, budget");
  public static final Section<FallbackConfig> SECTION =
      Section.of("Fallback", "", FallbackConfig::new, CHAIN, ON).with(FallbackConfig::setTimes);

  private final List<FallbackStep> chain;
  private final Set<FallbackReason> on;

  FallbackConfig(Values values) {
    List<FallbackStep> steps = values.get(CHAIN);
    this.chain = steps == null ? Collections.emptyList() : steps;
    this.on = Collections.unmodifiableSet(EnumSet.copyOf(values.get(ON)));
  }

  private static List<String> targetsIn(List<FallbackStep> chain) {
    List<String> targets = new ArrayList<>();
    for (FallbackStep step : chain) {
      if (step.kind() == FallbackStep.Kind.TARGET) {
        targets.add(step.target());
      }
    }
    return targets;
  }

  /** Where somebody else can be asked, who does not answer is not waited for as long as can be. */
  private static void setTimes(Draft draft) {
    if (draft.get(CHAIN) != null) {
      setTime(draft, TimeoutConfig.FIRST_TOKEN, TimeoutConfig.FIRST_TOKEN_WITH_CHAIN);
      setTime(draft, TimeoutConfig.RESPONSE, TimeoutConfig.RESPONSE_WITH_CHAIN);
    }
  }

  private static void setTime(Draft draft, Property<Duration> property, String text) {
    draft.setDefault(property, property.defaultsTo(text).defaultValue(), text);
  }

  /** In the order they are asked; every target in it is among the configured ones. */
  public List<FallbackStep> chain() {
    return chain;
  }

  /** What sends a call on. */
  public Set<FallbackReason> on() {
    return on;
  }
}
