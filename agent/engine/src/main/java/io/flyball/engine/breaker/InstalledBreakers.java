package io.flyball.engine.breaker;

import io.flyball.engine.call.Service;
import io.flyball.engine.capability.House;
import io.flyball.engine.capability.Installed;
import io.flyball.engine.capability.Place;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.capability.View;
import io.flyball.engine.content.ShownNames;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.telemetry.MetricTags;
import io.flyball.engine.telemetry.ValueLimit;
import io.flyball.settings.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The circuit breakers of a JVM. */
final class InstalledBreakers implements Installed {
  private static final double NANOS_PER_MILLI = 1e6;
  private static final int MOST_TARGETS = 100;

  private final House house;
  private final CircuitBreakers breakers;

  InstalledBreakers(House house) {
    this.house = house;
    this.breakers = new CircuitBreakers(house.time(), this::changed, house.errors());
    house.neighbours().whenWarned(breakers::suspect);
  }

  private void changed(String key, CircuitState from, CircuitState to) {
    house.log().warn("circuit breaker of " + shown(key) + ": " + word(from) + " -> " + word(to));
    // A probe that failed is no news. What is not shown as it is is not written down elsewhere.
    if (from == CircuitState.CLOSED
        && to == CircuitState.OPEN
        && Service.isShownAsItIs(key, ShownNames.ofThisJvm()::shown)) {
      house.neighbours().warn(key, breakers.openMillis());
    }
  }

  @Override
  public List<PlacedStage> apply(Settings settings) {
    BreakerConfig config = settings.get(BreakerConfig.SECTION);
    breakers.configure(config.settings());
    return config.enabled()
        ? Collections.singletonList(
            new PlacedStage(Place.BREAKER, new BreakerStage(breakers, house.time())))
        : Collections.emptyList();
  }

  @Override
  public void measure(Instruments instruments) {
    ValueLimit targets = new ValueLimit(MOST_TARGETS);
    instruments.observedGauges(
        "flyball.breaker.state",
        "{state}",
        "State of circuit breakers: 0 closed, 1 half open, 2 open; of several credentials the"
            + " worst",
        () -> states(targets));
  }

  private Map<MetricTags, Double> states(ValueLimit targets) {
    Map<MetricTags, Double> states = new LinkedHashMap<>();
    for (BreakerState breaker : breakers.states()) {
      CircuitState state = breaker.state();
      // Of all credentials the worst: a label for each would be as many as there are keys. So of
      // the targets that came when there were as many as there may be.
      states.merge(
          MetricTags.NONE.and(
              "target",
              targets.apply(Service.placeOf(breaker.key(), ShownNames.ofThisJvm()::shown))),
          state == CircuitState.CLOSED ? 0.0 : state == CircuitState.HALF_OPEN ? 1.0 : 2.0,
          Math::max);
    }
    return states;
  }

  @Override
  public List<View> views() {
    return Collections.singletonList(
        View.of("breakers", "Circuit breakers", this::openFirst)
            .text("target", "target", state -> shown(state.key()))
            .text("state", "state", word(CircuitState.CLOSED), state -> word(state.state()))
            .count("attempts", "attempts", BreakerState::attempts)
            .count("failures", "failed", BreakerState::failures)
            .count("slow", "slow", BreakerState::slow)
            .millis("probe_in_ms", "next probe in", state -> state.nanosToProbe() / NANOS_PER_MILLI)
            .build());
  }

  private List<BreakerState> openFirst() {
    List<BreakerState> states = new ArrayList<>(breakers.states());
    states.sort(
        Comparator.comparing((BreakerState state) -> state.state() == CircuitState.CLOSED)
            .thenComparing(BreakerState::key));
    return states;
  }

  /** For who tests. */
  CircuitBreakers breakers() {
    return breakers;
  }

  private static String word(CircuitState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String shown(String key) {
    return Service.shown(key, ShownNames.ofThisJvm()::shown);
  }
}
