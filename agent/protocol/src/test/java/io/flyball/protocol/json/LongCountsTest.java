package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** However long a number is written, what it bounds is not taken for less. */
class LongCountsTest {
  private Long atMost;
  private Long told;

  private void read(String json) {
    atMost = null;
    told = null;
    JsonShape<LongCountsTest> shape =
        JsonShape.<LongCountsTest>builder()
            .value(
                "n",
                (test, v) -> {
                  test.atMost = v.countAtMost();
                  test.told = v.count();
                })
            .build();
    JsonDocument.read(("{\"n\":" + json + "}").getBytes(StandardCharsets.UTF_8), shape, this);
  }

  private static String times(int count, String text) {
    return String.join("", Collections.nCopies(count, text));
  }

  @Provide
  Arbitrary<Integer> length() {
    return Arbitraries.oneOf(
        Arbitraries.integers().between(0, 80), Arbitraries.integers().between(1_000, 2_500));
  }

  @Property(tries = 2_000)
  void isNeverTakenForLess(
      @ForAll @IntRange(min = 1, max = 99_999) int digits,
      @ForAll("length") int before,
      @ForAll("length") int after,
      @ForAll("length") int blanks,
      @ForAll boolean fraction,
      @ForAll boolean exponent,
      @ForAll boolean text) {
    String number =
        times(before, "0")
            + digits
            + (fraction && after > 0 ? "." : "")
            + times(after, "0")
            + (exponent ? "e2" : "");
    String blank = text ? times(blanks, " ") : "";
    BigDecimal is = new BigDecimal(number.replaceFirst("^0+", ""));

    read(text ? '"' + blank + number + blank + '"' : number);

    assertThat(atMost).as(number).isNotNull();
    assertThat(new BigDecimal(atMost).compareTo(is) >= 0 || atMost == Long.MAX_VALUE)
        .as("%s for %s", atMost, number)
        .isTrue();
    boolean usual = (blank + number + blank).length() <= 64;
    boolean fits = is.compareTo(BigDecimal.TEN.pow(18)) < 0;
    if (usual && fits) {
      assertThat(atMost).as(number).isEqualTo(is.longValue());
    }
    // What is billed is taken for nothing that is not written there.
    boolean exact = told == null || told == Long.MAX_VALUE || told == is.longValue();
    assertThat(exact).as("%s for %s", told, number).isTrue();
  }

  @Property(tries = 200)
  void wordsAreNoNumbers(@ForAll("length") int length) {
    read('"' + times(length, "0") + "x\"");
    assertThat(atMost == null || length > 2_000).isTrue();
    read("null");
    assertThat(atMost).isNull();
    read("\"\"");
    assertThat(atMost).isNull();
    read("-" + times(length, "1"));
    assertThat(atMost == null ? 0 : atMost).isZero();
  }
}
