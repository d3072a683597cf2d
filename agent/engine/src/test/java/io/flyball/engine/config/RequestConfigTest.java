package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestConfigTest {

  private static LoadedConfig load(String arguments) {
    return ConfigLoader.load(
        Sections.SCHEMA,
        arguments,
        Collections.<String, String>emptyMap(),
        Collections.<String, String>emptyMap());
  }

  @Test
  void nothingIsLimitedUnlessToldTo() {
    assertThat(
            ConfigLoader.defaults(Sections.SCHEMA)
                .get(RequestConfig.SECTION)
                .limits(false, 0)
                .isEmpty())
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request.max-input-tokens=100k tokens",
        "request.max-output-tokens=4000",
        "request.max-cost=0.50 USD,request.on-exceed=trim,request.trim=middle",
        "request.max-cost=2USD,request.on-exceed=route:big,target.big.url=https://big.example,"
            + "target.big.protocol=openai,target.big.model=m,target.big.api-key=k"
      })
  void limitsAreRead(String arguments) {
    LoadedConfig loaded = load(arguments);
    assertThat(loaded.explain()).isEmpty();
    assertThat(loaded.config().get(RequestConfig.SECTION).limits(false, 0).isEmpty()).isFalse();
    assertThat(loaded.config().get(RequestConfig.SECTION).routeTo())
        .isEqualTo(arguments.contains("big") ? "big" : null);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "request.max-input-tokens=0",
        "request.max-cost=0.50",
        "request.max-cost=0 USD",
        "request.max-cost=-1 USD",
        "request.on-exceed=drop",
        "request.on-exceed=route:",
        "request.on-exceed=route:nobody",
        "request.trim=newest"
      })
  void whatIsWrongIsSaid(String arguments) {
    assertThat(load(arguments).ok()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"request.max-cost=5 dollars", "budget.b.limit=5 dollars"})
  void howDollarsAreWrittenIsSaid(String arguments) {
    assertThat(load(arguments).errors())
        .singleElement()
        .asString()
        .contains("is \"5 dollars\" but must be an amount")
        .contains(" USD");
  }
}
