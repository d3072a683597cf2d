package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counts as servers take them that read what stands in a string. */
class CountsTest {
  private Long told;

  private Long read(String json) {
    JsonShape<CountsTest> shape =
        JsonShape.<CountsTest>builder().value("n", (test, v) -> test.told = v.count()).build();
    JsonDocument.read(("{\"n\":" + json + "}").getBytes(StandardCharsets.UTF_8), shape, this);
    return told;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "8e0 | 8",
        "1E+1 | 10",
        "1.5e3 | 1500",
        "\\t10\\n | 10",
        "\\u00a010\\u3000 | 10",
        "1_0 | 10",
        "3,000 | 3000",
        "+7 | 7",
        "7.9 | 7",
        "7. | 7",
        ".5 | 0",
        "-3 | 0",
        "-0 | 0",
        "9223372036854775808 | 9223372036854775807",
        "1e30 | 9223372036854775807",
        "1e1000000 | 9223372036854775807",
        "1e-1000000 | 0"
      })
  void isReadAsTheDearestOfThemWould(String text, long count) {
    assertThat(read('"' + text + '"')).isEqualTo(count);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "ten", "_1", "1_", "1__0", ",5", "1e", "e1", "0x10", "1 0", "--1"})
  void isNoCount(String text) {
    assertThat(read('"' + text + '"')).isNull();
  }
}
