package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What nothing would ever be found by is understood as it is meant, or refused with its place. */
class PriceFileNamesTest {
  private static final String MODEL = "{name: m, input: 1, output: 1}";

  private static List<ProviderPrices> read(String... providers) {
    String file = "version: 1\nproviders:\n- " + String.join("\n- ", providers) + "\n";
    return PriceFile.read("p.yaml", file.getBytes(StandardCharsets.UTF_8)).providers();
  }

  private static String provider(String id, String hosts, String model) {
    return "{id: " + id + ", hosts: [" + hosts + "], models: [" + model + "]}";
  }

  @Test
  void caseAndBlanksAreNoDifference() {
    ProviderPrices prices =
        read(provider("' OpenAI '", "' Gate.Example '", "{name: ' m ', input: 1, output: 1}"))
            .get(0);
    assertThat(prices.id()).isEqualTo("openai");
    assertThat(prices.isAt("gate.example")).isTrue();
    assertThat(prices.isAt("another.example")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "gate.example:8080",
    "127.0.0.1:18080",
    "http://gate.example/v1",
    "gate.example/v1",
    "'[::1]:8080'",
    "''",
    "' '"
  })
  void aHostIsTheNameOfOne(String host) {
    assertThatThrownBy(() -> read(provider("a", "'" + host + "'", MODEL)))
        .isInstanceOf(PriceFileException.class)
        .hasMessageStartingWith("p.yaml, line 3: providers.a.hosts must ");
  }

  @ParameterizedTest
  @CsvSource({"::1", "[::1]", "*.example"})
  void addressesAndPatternsAreHosts(String host) {
    assertThat(read(provider("a", "'" + host + "'", MODEL))).hasSize(1);
  }

  @Test
  void whatIsThereTwiceIsRefused() {
    assertThatThrownBy(() -> read(provider("a", "h", MODEL), provider("b", "H", MODEL)))
        .hasMessage("p.yaml, line 4: providers.b.hosts has a host that is named already: h");
    assertThatThrownBy(() -> read(provider("a", "h", MODEL), provider("A", "g", MODEL)))
        .hasMessageContaining("two providers have the id a");
    String tiers = "tiers: [{above: 10, input: 2}, {above: 10, output: 3}]";
    assertThatThrownBy(
            () -> read(provider("a", "h", "{name: m, input: 1, output: 1, " + tiers + "}")))
        .hasMessage("p.yaml, line 3: providers.a.models.m.tiers two are above 10");
  }

  @Test
  void anIdIsNotEmpty() {
    assertThatThrownBy(() -> read(provider("''", "h", MODEL)))
        .hasMessageContaining("id must not be empty");
  }
}
