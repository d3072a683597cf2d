package io.flyball.engine.breaker;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.House;
import io.flyball.engine.capability.Neighbours;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.capability.View;
import io.flyball.engine.telemetry.MicrometerInstruments;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Schema;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class BreakerCapabilityTest {
  private static final Schema SCHEMA =
      new Schema(Collections.singletonList(new BreakerCapability().section()));

  private final List<String> lines = new ArrayList<>();
  private final List<String> warned = new ArrayList<>();
  private Consumer<String> hears;

  private final InstalledBreakers installed =
      (InstalledBreakers)
          new BreakerCapability()
              .install(
                  new House(
                      TimeSource.SYSTEM,
                      (nanos, task) -> () -> {},
                      Log.to(Level.INFO, lines::add, Clock.systemUTC()),
                      (place, failure) -> {},
                      new Neighbours() {
                        @Override
                        public void warn(String service, long millis) {
                          warned.add(service + " " + millis);
                        }

                        @Override
                        public void whenWarned(Consumer<String> listener) {
                          hears = listener;
                        }
                      }));
  private final CircuitBreakers breakers = installed.breakers();

  private static LoadedConfig load(String arguments) {
    Map<String, String> nothing = Collections.emptyMap();
    return ConfigLoader.load(SCHEMA, arguments, nothing, nothing);
  }

  private List<PlacedStage> apply(String arguments) {
    LoadedConfig loaded = load(arguments);
    assertThat(loaded.explain()).isEmpty();
    return installed.apply(loaded.config());
  }

  private void fail(String key) {
    CircuitBreakers.Permit permit = breakers.tryAcquire(key);
    while (permit != null) {
      permit.failure(1);
      permit = breakers.tryAcquire(key);
    }
  }

  @Test
  void standsWhereItIsEnabledAndHoldsToWhatIsSet() {
    assertThat(apply("")).hasToString("[BREAKER BreakerStage]");
    assertThat(breakers.alwaysRefuse()).isFalse();
    assertThat(apply("breaker.refuse=always,breaker.open=2s")).hasSize(1);
    assertThat(breakers.alwaysRefuse()).isTrue();
    assertThat(breakers.openMillis()).isEqualTo(2_000);
    assertThat(apply("breaker.enabled=false")).isEmpty();
  }

  @Test
  void theDefaultsAreThoseThatAreDocumented() {
    apply("");

    BreakerSettings settings = breakers.settings();
    assertThat(settings.trips(10, 5, 10)).isTrue();
    assertThat(settings.trips(10, 4, 10)).isFalse();
    assertThat(settings.trips(9, 9, 9)).isFalse();
    assertThat(settings.windowNanos()).isEqualTo(60_000_000_000L);
    assertThat(settings.openNanos()).isEqualTo(15_000_000_000L);
    assertThat(settings.isSlow(59_999_999_999L)).isFalse();
  }

  @Test
  void whatIsSlowMattersOnlyWithARate() {
    assertThat(load("breaker.slow-call=5s").explain())
        .isEqualTo(
            "warning: agent argument breaker.slow-call: flyball.breaker.slow-call does nothing"
                + " without flyball.breaker.slow-call-rate");
    assertThat(load("breaker.slow-call=5s,breaker.slow-call-rate=50%").explain()).isEmpty();
  }

  @Test
  void othersHearOfWhatOpensOnceAndLetOneAttemptSee() {
    fail("api.example:443/m");

    assertThat(warned).containsExactly("api.example:443/m 15000");
    assertThat(lines)
        .singleElement()
        .asString()
        .endsWith("circuit breaker of api.example:443/m: closed -> open");
    hears.accept("backup.example:443/m");
    assertThat(breakers.states()).extracting(BreakerState::key).contains("backup.example:443/m");
  }

  @Test
  void thoseThatAreNotClosedAreShownFirst() {
    breakers.tryAcquire("a.example:443/m").success(1);
    fail("b.example:443/m");

    View view = installed.views().get(0);

    assertThat(view.name()).isEqualTo("breakers");
    assertThat(view.columns().stream().map(View.Column::field).collect(Collectors.toList()))
        .containsExactly("target", "state", "attempts", "failures", "slow", "probe_in_ms");
    assertThat(view.rows().get(0)).startsWith("b.example:443/m", "open");
    assertThat((Double) view.rows().get(0)[5]).isPositive();
    assertThat(view.rows().get(1)).containsExactly("a.example:443/m", "closed", 1L, 0L, 0L, 0.0);
  }

  @Test
  void manyTargetsHaveFewNamesAndTheWorstOfTheOthersIsSeen() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MicrometerInstruments instruments = new MicrometerInstruments(registry);
    installed.measure(instruments);
    for (int i = 0; i < 300; i++) {
      breakers.tryAcquire(String.format("h%03d.example/m", i));
    }
    instruments.refresh();
    String before = registry.scrape();
    fail("h299.example/m");
    breakers.tryAcquire("a-new-one-first-in-order.example/m");

    instruments.refresh();

    assertThat(before).contains("target=\"h000.example/m\"} 0.0");
    String after = registry.scrape();
    assertThat(after)
        .contains("target=\"h000.example/m\"} 0.0")
        .contains("flyball_breaker_state{target=\"other\"} 2.0");
    assertThat(after.split("flyball_breaker_state\\{", -1)).hasSize(102);
  }
}
