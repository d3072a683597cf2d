package io.flyball.engine.config;

import io.flyball.settings.Draft;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.Property;
import io.flyball.settings.Secret;
import io.flyball.settings.Settings;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a configuration contradicts something else of it, or does nothing. Each is well formed,
 * and something can be done with it; so it is told, and nothing is switched off.
 */
final class Contradictions {
  private static final List<Property<Duration>> PARTS_OF_A_CALL =
      Arrays.asList(
          TimeoutConfig.FIRST_TOKEN,
          TimeoutConfig.RESPONSE,
          TimeoutConfig.IDLE,
          RetryConfig.MAX_TIME,
          LimitConfig.MAX_WAIT,
          HedgeConfig.MAX_DELAY);

  private final Map<String, EffectiveSetting> settings = new LinkedHashMap<>();
  private final Draft draft;
  private final boolean offline;

  private Contradictions(Draft draft) {
    this.draft = draft;
    this.offline = draft.isOffline();
    for (EffectiveSetting setting : draft.all()) {
      settings.put(setting.path(), setting);
    }
  }

  /** Warns of each, at the place of what has to be changed; only where nothing is wrong. */
  static void tell(Draft draft) {
    if (!draft.isGood()) {
      return;
    }
    Settings inForce = draft.settings();
    Contradictions contradictions = new Contradictions(draft);
    contradictions.times();
    contradictions.names();
    contradictions.urls(inForce);
    contradictions.idle(inForce);
  }

  private void times() {
    for (Property<Duration> part : PARTS_OF_A_CALL) {
      longer(part, TimeoutConfig.CALL, "which ends the call before");
    }
    longer(RetryConfig.BASE_DELAY, RetryConfig.MAX_DELAY, "which bounds it");
    longer(HedgeConfig.MIN_DELAY, HedgeConfig.MAX_DELAY, "which bounds it");
  }

  /** Told only of what the user wrote, both of it: defaults step back by themselves. */
  private void longer(Property<Duration> one, Property<Duration> other, String consequence) {
    EffectiveSetting first = settings.get(one.path());
    EffectiveSetting second = settings.get(other.path());
    if (isKnown(first)
        && isKnown(second)
        && first.parsed() != null
        && second.parsed() != null
        && ((Duration) first.parsed()).compareTo((Duration) second.parsed()) > 0) {
      tell(
          first,
          first.property()
              + " ("
              + first.value()
              + ") is longer than "
              + second.property()
              + " ("
              + second.value()
              + "), "
              + consequence);
    }
  }

  private void names() {
    for (EffectiveSetting setting : settings.values()) {
      Property<?> property = setting.definition();
      if (property == TargetConfig.URL && setting.names().get(0).equals(FallbackConfig.CACHE)) {
        tell(
            setting,
            "a target cannot be asked by the name cache: in flyball.fallback.chain it means the"
                + " last good answer");
      }
      if (property == InstrumentationConfig.ENABLED) {
        String name = setting.names().get(0);
        if (!InstrumentationConfig.NAMES.contains(name)) {
          tell(
              setting,
              "there is no instrumentation "
                  + name
                  + "; there are "
                  + String.join(", ", InstrumentationConfig.NAMES));
        }
      }
    }
  }

  private void urls(Settings config) {
    for (TargetSettings target : config.get(TargetConfig.SECTION).byName().values()) {
      EffectiveSetting url = settings.get(TargetConfig.URL.path(target.name()));
      boolean reference = url.value().contains("${");
      String doubt =
          offline && reference
              ? null
              : TargetUrls.doubt(target.url(), target.protocol(), !reference);
      if (doubt != null) {
        tell(url, url.property() + doubt);
      }
    }
  }

  /** What is set and does nothing without something else. */
  private void idle(Settings config) {
    boolean others =
        config.get(FallbackConfig.SECTION).chain().stream()
            .anyMatch(step -> step.kind() == FallbackStep.Kind.TARGET);
    if (!others && config.get(HedgeConfig.SECTION).enabled()) {
      doesNothing(HedgeConfig.ENABLED, "without a target in flyball.fallback.chain");
    }
    Secret token = config.get(ConsoleConfig.SECTION).token();
    if (token != null && token.reveal().length() < ConsoleConfig.SHORTEST_TOKEN) {
      tell(
          settings.get(ConsoleConfig.TOKEN.path()),
          ConsoleConfig.TOKEN
              + " has less than "
              + ConsoleConfig.SHORTEST_TOKEN
              + " characters, the console is not opened with it");
    }
  }

  private void doesNothing(Property<?> property, String without) {
    EffectiveSetting setting = settings.get(property.path());
    if (isSet(setting)) {
      tell(setting, setting.property() + " does nothing " + without);
    }
  }

  private boolean isKnown(EffectiveSetting setting) {
    return isSet(setting) && !(offline && setting.value().contains("${"));
  }

  private static boolean isSet(EffectiveSetting setting) {
    return setting != null && setting.isSet();
  }

  private void tell(EffectiveSetting where, String what) {
    draft.warn(where, what);
  }
}
