package io.flyball.engine.price;

import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** What one model of one provider charges. Immutable. */
public final class Price {
  private static final int PER_MILLION = 6;
  private static final int PER_THOUSAND = 3;

  private final String provider;
  private final String model;
  private final Rates base;
  private final TreeMap<Long, Rates> tiers;
  private final Map<String, BigDecimal> multipliers;
  private final BigDecimal perThousandCalls;
  private final ModelLimits limits;

  /**
   * @param tiers by input tokens above which they hold
   * @param multipliers by service tier, lower case
   */
  Price(
      String provider,
      String model,
      Rates base,
      Map<Long, Rates> tiers,
      Map<String, BigDecimal> multipliers,
      BigDecimal perThousandCalls,
      ModelLimits limits) {
    this.provider = Objects.requireNonNull(provider, "provider");
    this.model = Objects.requireNonNull(model, "model");
    this.base = Objects.requireNonNull(base, "base");
    this.tiers = new TreeMap<>(tiers);
    this.multipliers = Collections.unmodifiableMap(new HashMap<>(multipliers));
    this.perThousandCalls = Objects.requireNonNull(perThousandCalls, "perThousandCalls");
    this.limits = Objects.requireNonNull(limits, "limits");
  }

  /** The catalogue's id of the provider whose list this price is from. */
  public String provider() {
    return provider;
  }

  /** The model's name in the catalogue: the family of a dated snapshot. */
  public String model() {
    return model;
  }

  /** What this entry of the catalogue says; {@link PriceCatalogue#limitsOf} knows more. */
  ModelLimits limits() {
    return limits;
  }

  /**
   * What a call costs in US dollars, exact and never negative: every token is charged once, at the
   * rate of its kind. A token that is both cached and audio is charged as cached.
   *
   * @param serviceTier the tier that was billed ({@code batch}, {@code flex}, {@code priority}...);
   *     null or a tier without a multiplier is charged at the standard rate
   */
  public BigDecimal cost(Usage usage, String serviceTier) {
    Rates rates = ratesAt(usage.input());
    long uncached = usage.input() - usage.cacheRead() - usage.cacheWrite5m() - usage.cacheWrite1h();
    long audioIn = Math.min(usage.inputAudio(), uncached);
    long spoken = usage.output() - usage.reasoning();
    long audioOut = Math.min(usage.outputAudio(), spoken);
    BigDecimal millionths =
        BigDecimal.ZERO
            .add(charge(uncached - audioIn, rates, Rates.Kind.INPUT))
            .add(charge(audioIn, rates, Rates.Kind.INPUT_AUDIO))
            .add(charge(usage.cacheRead(), rates, Rates.Kind.CACHE_READ))
            .add(charge(usage.cacheWrite5m(), rates, Rates.Kind.CACHE_WRITE_5M))
            .add(charge(usage.cacheWrite1h(), rates, Rates.Kind.CACHE_WRITE_1H))
            .add(charge(spoken - audioOut, rates, Rates.Kind.OUTPUT))
            .add(charge(audioOut, rates, Rates.Kind.OUTPUT_AUDIO))
            .add(charge(usage.reasoning(), rates, Rates.Kind.REASONING));
    BigDecimal tokens = millionths.movePointLeft(PER_MILLION).multiply(multiplier(serviceTier));
    return plain(tokens.add(perThousandCalls.movePointLeft(PER_THOUSAND)));
  }

  private static BigDecimal charge(long tokens, Rates rates, Rates.Kind kind) {
    return BigDecimal.valueOf(tokens).multiply(rates.of(kind));
  }

  private Rates ratesAt(long inputTokens) {
    Map.Entry<Long, Rates> tier = tiers.lowerEntry(inputTokens);
    return tier == null ? base : tier.getValue();
  }

  private BigDecimal multiplier(String serviceTier) {
    BigDecimal known =
        serviceTier == null ? null : multipliers.get(serviceTier.toLowerCase(Locale.ROOT));
    return known == null ? BigDecimal.ONE : known;
  }

  private static BigDecimal plain(BigDecimal amount) {
    BigDecimal stripped = amount.stripTrailingZeros();
    return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
  }

  @Override
  public String toString() {
    return "Price{" + provider + '/' + model + '}';
  }
}
