package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.wire.Headers;
import org.junit.jupiter.api.Test;

class OwnAnswerHeadersTest {

  @Test
  void whatOthersSayUnderOurNamesGoesOnUnderAnotherOne() {
    Headers headers =
        Headers.of(
            "content-type", "application/json",
            "X-Flyball-Cost-Usd", "0",
            "x-flyball-cache", "hit",
            "x-flyball-cache", "miss",
            "x-flyball-version", "9",
            "date", "today");

    assertThat(OwnAnswerHeaders.notOfOthers(headers))
        .isEqualTo(
            Headers.of(
                "content-type", "application/json",
                "x-flyball-version", "9",
                "date", "today",
                "x-upstream-Flyball-Cost-Usd", "0",
                "x-upstream-flyball-cache", "hit",
                "x-upstream-flyball-cache", "miss"));
  }

  @Test
  void otherHeadersAreLeftAlone() {
    Headers headers = Headers.of("x-flyball-version", "9", "x-request-id", "1");

    assertThat(OwnAnswerHeaders.notOfOthers(headers)).isSameAs(headers);
  }
}
