package io.flyball.engine.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.Collections;
import org.junit.jupiter.api.Test;

class TokenCounterTest {
  private static final TokenCounter COUNTER = new TokenCounter(Long.MAX_VALUE);
  private static final String SENTENCE = "The quick brown fox jumps over the lazy dog. ";

  @Test
  void countsAsTheModelsTokenizerDoes() {
    assertThat(COUNTER.count("gpt-4o", "hello world")).isEqualTo(2);
    assertThat(COUNTER.count("gpt-4-0613", "お誕生日おめでとう")).isEqualTo(9);
    assertThat(COUNTER.count("gpt-4o", "お誕生日おめでとう")).isEqualTo(8);
  }

  @Test
  void guessesFromTheLengthInASmallHeap() {
    TokenCounter guessing = new TokenCounter(64L << 20);
    String text = repeat(SENTENCE, 100);

    assertThat((double) guessing.count("gpt-4o", text))
        .isCloseTo(COUNTER.count("gpt-4o", text), withinPercentage(25));
    assertThat(guessing.count("gpt-4o", "お誕生日おめでとう")).isEqualTo(9);
    assertThat(guessing.count("gpt-4o", "a")).isEqualTo(1);
    assertThat(guessing.count("gpt-4o", "")).isZero();
  }

  @Test
  void nothingIsZero() {
    assertThat(COUNTER.count("gpt-4o", "")).isZero();
    assertThat(COUNTER.count(null, null)).isZero();
  }

  @Test
  void specialTokensArePlainText() {
    assertThat(COUNTER.count("gpt-4o", "<|endoftext|>")).isGreaterThan(1);
  }

  @Test
  void scalesFamiliesWithoutAPublishedTokenizer() {
    String text = repeat(SENTENCE, 100);
    double known = COUNTER.count("gpt-4o", text);

    assertThat(COUNTER.count("claude-sonnet-4-5", text) / known).isEqualTo(1.15, within(0.01));
    assertThat(COUNTER.count("gemini-2.5-pro", text) / known).isEqualTo(1.2, within(0.01));
    assertThat(COUNTER.count("some-model", text) / known).isEqualTo(1);
  }

  @Test
  void scalesForeignScriptsAndDigits() {
    String japanese = repeat("今日は天気がいいです。", 50);
    String digits = repeat("123,456,789\n", 50);

    assertThat((double) COUNTER.count("claude-3", japanese) / COUNTER.count("gpt-4o", japanese))
        .isEqualTo(1.5, within(0.01));
    assertThat((double) COUNTER.count("gemini-3", digits) / COUNTER.count("gpt-4o", digits))
        .isEqualTo(1.6, within(0.01));
  }

  @Test
  void extrapolatesLongTexts() {
    int times = 3 * TokenCounter.COUNTED_EXACTLY / SENTENCE.length();
    double each = COUNTER.count("gpt-4o", repeat(SENTENCE, 1_000)) / 1_000.0;

    assertThat((double) COUNTER.count("gpt-4o", repeat(SENTENCE, times)))
        .isCloseTo(each * times, within(each * times * 0.01));
  }

  private static String repeat(String text, int times) {
    return String.join("", Collections.nCopies(times, text));
  }
}
