package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.capability.Capability;
import io.flyball.engine.capability.House;
import io.flyball.engine.capability.Installed;
import io.flyball.engine.capability.Neighbours;
import io.flyball.engine.capability.Place;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.capability.View;
import io.flyball.engine.config.Sections;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.telemetry.MicrometerInstruments;
import io.flyball.engine.time.ManualTime;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.Property;
import io.flyball.settings.Schema;
import io.flyball.settings.Section;
import io.flyball.settings.Settings;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;
import io.flyball.wire.WireResponse;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What CONTRIBUTING says under "Add a capability", done. */
class SampleCapabilityTest {
  private final ManualTime clock = new ManualTime();

  private House house() {
    return new House(
        clock,
        clock,
        Log.to(Level.OFF, line -> {}, Clock.systemUTC()),
        (place, failure) -> {},
        Neighbours.NONE);
  }

  /** Counts what passes at a place that the user chooses. */
  private static final class Counting implements Capability {
    static final class Config {
      static final Property<Boolean> ENABLED =
          Property.of("counting.enabled", ValueType.bool(), "Whether passages are counted.")
              .defaultsTo("false");
      static final Property<Place> PLACE =
          Property.of("counting.place", ValueType.oneOf(Place.class), "Where.")
              .defaultsTo("call-limits");
      static final Section<Config> SECTION =
          Section.of("Counting", "", Config::new, ENABLED, PLACE);

      final boolean enabled;
      final Place place;

      Config(Values values) {
        this.enabled = values.get(ENABLED);
        this.place = values.get(PLACE);
      }
    }

    @Override
    public Section<?> section() {
      return Config.SECTION;
    }

    @Override
    public Installed install(House house) {
      AtomicLong passed = new AtomicLong();
      return new Installed() {
        @Override
        public List<PlacedStage> apply(Settings settings) {
          Config config = settings.get(Config.SECTION);
          Stage stage =
              (call, next) -> {
                passed.incrementAndGet();
                return next.proceed(call);
              };
          return config.enabled
              ? Collections.singletonList(new PlacedStage(config.place, stage))
              : Collections.emptyList();
        }

        @Override
        public void measure(Instruments instruments) {
          instruments.observedCounter(
              "flyball.counting.passed", "{passage}", "What passed", passed::get);
        }

        @Override
        public List<View> views() {
          return Collections.singletonList(
              View.of("counting", "Counting", () -> Collections.singletonList(passed.get()))
                  .count("passed", "passed", Long::longValue)
                  .build());
        }
      };
    }
  }

  private static Settings settings(String arguments) {
    Map<String, String> nothing = Collections.emptyMap();
    Schema schema = new Schema(Collections.singletonList(new Counting().section()));
    return ConfigLoader.load(schema, arguments, nothing, nothing).config();
  }

  private long passed(Capabilities capabilities) {
    return (Long) capabilities.views().get(0).rows().get(0)[0];
  }

  private Policies.Builder retrying() {
    return Policies.builder().retry(3, new Backoff(1, 1), new RetryBudget(1, 100, clock));
  }

  private void ask(Policies policies) throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(policies);
    harness.upstream.answers(500, "{}");
    harness.upstream.answers(500, "{}");
    harness.upstream.answers(200, ReliabilityHarness.OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    while (!answer.isDone()) {
      harness.clock.advanceMillis(1_000);
    }
    assertThat(answer.get().status()).isEqualTo(200);
  }

  @Test
  void oneFolderBringsSettingsAStageAMetricAndATable() throws Exception {
    Capabilities capabilities =
        Capabilities.install(Collections.singletonList(new Counting()), house());
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    MicrometerInstruments instruments = new MicrometerInstruments(registry);
    capabilities.measure(instruments);

    assertThat(capabilities.apply(settings(""))).isEmpty();
    ask(retrying().stages(capabilities.apply(settings("counting.enabled=true"))).build());

    assertThat(passed(capabilities)).isEqualTo(1);
    instruments.refresh();
    assertThat(registry.scrape()).contains("flyball_counting_passed_total 1.0");
  }

  @Test
  void placesBeforeTheRetriesSeeTheCallAndThoseBehindEachAttempt() throws Exception {
    Map<Place, Long> seen = new EnumMap<>(Place.class);
    for (Place place : Place.values()) {
      Capabilities capabilities =
          Capabilities.install(Collections.singletonList(new Counting()), house());
      String word = place.name().toLowerCase(Locale.ROOT).replace('_', '-');
      ask(
          retrying()
              .stages(capabilities.apply(settings("counting.enabled=true,counting.place=" + word)))
              .build());
      seen.put(place, passed(capabilities));
    }

    for (Place place : Place.values()) {
      assertThat(seen.get(place))
          .as(place.name())
          .isEqualTo(place.compareTo(Place.RETRY) <= 0 ? 1 : 3);
    }
  }

  @Test
  void stagesStandInTheOrderOfTheirPlacesWhateverTheOrderInWhichTheyAreNamed() throws Exception {
    List<Place> passed = new ArrayList<>();
    List<Place> places = new ArrayList<>(Arrays.asList(Place.values()));
    Collections.reverse(places);
    Policies.Builder policies = Policies.builder();
    for (Place place : places) {
      policies.stage(
          place,
          new Stage() {
            @Override
            public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
              passed.add(place);
              return next.proceed(call);
            }
          });
    }
    ReliabilityHarness harness = new ReliabilityHarness(policies.build());
    harness.upstream.answers(200, ReliabilityHarness.OK);

    harness.ask().get();

    assertThat(passed).containsExactly(Place.values());
  }

  @Test
  void settingsOfAllCapabilitiesAreAmongThoseThatUsersMaySet() {
    assertThat(Sections.SCHEMA.sections()).containsAll(Capabilities.sections());
    assertThat(Capabilities.install(house()).apply(ConfigLoader.defaults(Sections.SCHEMA)))
        .isNotEmpty();
  }

  @Test
  void twoPropertiesOfOnePathAreAMistakeOfWhoeverAddsOne() {
    Section<?> section = new Counting().section();
    assertThatThrownBy(() -> new Schema(Arrays.asList(section, section)))
        .hasMessage("two properties are flyball.counting.enabled");
  }
}
