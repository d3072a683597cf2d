package io.flyball.engine.price;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class PricePropertiesTest {
  private static final long MOST = 2_000_000;
  private final PriceCatalogue catalogue = PriceCatalogue.builtIn();
  private final Price tiered = catalogue.priceOf("anthropic", null, "claude-sonnet-4-5").get();

  @Property
  void isNeverNegative(
      @ForAll @LongRange(min = -5, max = MOST) long input,
      @ForAll @LongRange(min = -5, max = MOST) long cacheRead,
      @ForAll @LongRange(min = -5, max = MOST) long write1h,
      @ForAll @LongRange(min = -5, max = MOST) long output,
      @ForAll @LongRange(min = -5, max = MOST) long reasoning) {
    Usage usage = usage(input, cacheRead, 0, write1h, output, reasoning);

    assertThat(tiered.cost(usage, null)).isGreaterThanOrEqualTo(BigDecimal.ZERO);
  }

  @Property
  void moreTokensNeverCostLess(
      @ForAll @LongRange(min = 0, max = MOST) long input,
      @ForAll @LongRange(min = 0, max = MOST) long output,
      @ForAll @IntRange(min = 0, max = 100_000) int more) {
    BigDecimal less = tiered.cost(usage(input, 0, 0, 0, output, 0), null);

    assertThat(tiered.cost(usage(input + more, 0, 0, 0, output, 0), null))
        .isGreaterThanOrEqualTo(less);
    assertThat(tiered.cost(usage(input, 0, 0, 0, output + more, 0), null))
        .isGreaterThanOrEqualTo(less);
  }

  @Property
  void isTheSumOfItsParts(
      @ForAll @LongRange(min = 0, max = 50_000) long plain,
      @ForAll @LongRange(min = 0, max = 50_000) long read,
      @ForAll @LongRange(min = 0, max = 50_000) long write5m,
      @ForAll @LongRange(min = 0, max = 50_000) long write1h,
      @ForAll @LongRange(min = 0, max = MOST) long output) {
    BigDecimal parts =
        cost(usage(plain, 0, 0, 0, 0, 0))
            .add(cost(usage(read, read, 0, 0, 0, 0)))
            .add(cost(usage(write5m, 0, write5m, 0, 0, 0)))
            .add(cost(usage(write1h, 0, 0, write1h, 0, 0)))
            .add(cost(usage(0, 0, 0, 0, output, 0)));

    assertThat(
            cost(usage(plain + read + write5m + write1h, read, write5m, write1h, output, output)))
        .isEqualByComparingTo(parts);
  }

  private BigDecimal cost(Usage usage) {
    return tiered.cost(usage, null);
  }

  private static Usage usage(
      long input, long read, long write5m, long write1h, long output, long reasoning) {
    return Usage.builder(Usage.Source.REPORTED)
        .input(input)
        .cacheRead(read)
        .cacheWrite5m(write5m)
        .cacheWrite1h(write1h)
        .output(output)
        .reasoning(reasoning)
        .build();
  }
}
