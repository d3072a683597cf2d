package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class MetricTagsTest {

  /** Names of models come from answers. */
  @Property(tries = 500)
  void noValueIsRawInWhatIsScraped(@ForAll String value) {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new MicrometerInstruments(registry)
        .counter("flyball.calls", "{call}", "calls")
        .add(1, MetricTags.NONE.and("model", value));

    String scraped = registry.scrape();
    assertThat(scraped.replace("\n", "").chars().noneMatch(Character::isISOControl)).isTrue();
    assertThat(new String(scraped.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8))
        .isEqualTo(scraped);
    assertThat(scraped.split("\n")).filteredOn(line -> !line.startsWith("#")).hasSize(1);
  }

  @Test
  void whatCanBeSaidIsSaid() {
    assertThat(MetricTags.NONE.and("a", "gpt-\u00e9 \ud83d\ude00\"\\").asMap())
        .containsEntry("a", "gpt-\u00e9 \ud83d\ude00\"\\");
    assertThat(MetricTags.NONE.and("a", "x\u0000\n\u007f\u0085\ud83d").asMap())
        .containsEntry("a", "x?????");
    assertThat(MetricTags.NONE.and("a", null).asMap()).containsEntry("a", null);
  }
}
