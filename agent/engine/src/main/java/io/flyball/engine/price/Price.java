package io.flyball.engine.price;

import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.math.MathContext;
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

  private static final String AUTO = "auto";
  private static final String PRIORITY = "priority";
  private static final String FAST = "fast";

  private final String provider;
  private final String model;
  private final Rates base;
  private final TreeMap<Long, Rates> tiers;
  private final Map<String, BigDecimal> multipliers;
  private final BigDecimal perThousandCalls;
  private final Map<String, BigDecimal> toolFees;
  private final boolean cachesWhenMarked;
  private final ModelLimits limits;

  /**
   * @param tiers by input tokens above which they hold
   * @param multipliers by service tier, speed or region, lower case
   * @param toolFees dollars per thousand uses of a tool
   */
  Price(
      String provider,
      String model,
      Rates base,
      Map<Long, Rates> tiers,
      Map<String, BigDecimal> multipliers,
      BigDecimal perThousandCalls,
      Map<String, BigDecimal> toolFees,
      boolean cachesWhenMarked,
      ModelLimits limits) {
    this.provider = Objects.requireNonNull(provider, "provider");
    this.model = Objects.requireNonNull(model, "model");
    this.base = Objects.requireNonNull(base, "base");
    this.tiers = new TreeMap<>(tiers);
    this.multipliers = Collections.unmodifiableMap(new HashMap<>(multipliers));
    this.perThousandCalls = Objects.requireNonNull(perThousandCalls, "perThousandCalls");
    this.toolFees = Collections.unmodifiableMap(new HashMap<>(toolFees));
    this.cachesWhenMarked = cachesWhenMarked;
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

  /** As {@link #cost(Usage, String, String, String)}, at the usual speed, anywhere. */
  public BigDecimal cost(Usage usage, String serviceTier) {
    return cost(usage, serviceTier, null, null);
  }

  /**
   * What a call costs in US dollars, exact and never negative: every token is charged once, at the
   * rate of its kind, and every use of a tool that has a fee. A token that is both cached and audio
   * is charged as cached, at the share of its own rate that cached text is of text's.
   *
   * <p>The tier ({@code batch}, {@code flex}, {@code priority}...), the speed ({@code fast}) and
   * the region ({@code us}...) are what was billed; null, or one without a multiplier, is charged
   * as usual.
   *
   * @return null when it is not known: sounds or images were made and their rate is not stated, or
   *     something was used that cannot be counted
   */
  public BigDecimal cost(Usage usage, String serviceTier, String speed, String region) {
    if (FAST.equalsIgnoreCase(speed) && !multipliers.containsKey(FAST)) {
      return null;
    }
    return cost(
        usage, multiplier(serviceTier).multiply(multiplier(speed)).multiply(multiplier(region)));
  }

  /**
   * The same for what was only asked for: who asks for a cheaper tier may not get it, and who
   * leaves the choice to the provider ({@code auto}) may get the dearest.
   */
  public BigDecimal costAtMost(Usage usage, String serviceTier, String speed, String region) {
    BigDecimal tier = multiplier(AUTO.equalsIgnoreCase(serviceTier) ? PRIORITY : serviceTier);
    BigDecimal times =
        tier.max(BigDecimal.ONE).multiply(multiplier(speed)).multiply(multiplier(region));
    BigDecimal most = cost(usage, times, base);
    // What is fewer tokens in the end may stand in a dearer tier.
    for (Rates rates : tiers.headMap(usage.input(), false).values()) {
      BigDecimal cost = cost(usage, times, rates);
      most = most == null || cost == null ? null : most.max(cost);
    }
    return most;
  }

  private BigDecimal cost(Usage usage, BigDecimal multiplier) {
    return cost(usage, multiplier, ratesAt(usage.input()));
  }

  private BigDecimal cost(Usage usage, BigDecimal multiplier, Rates rates) {
    if (usage.outputKindsUntold()) {
      return costOfUntold(usage, multiplier, rates);
    }
    long uncached = usage.input() - usage.cacheRead() - usage.cacheWrite5m() - usage.cacheWrite1h();
    long audioIn = Math.min(usage.inputAudio(), uncached);
    long imageIn = Math.min(usage.inputImage(), uncached - audioIn);
    long heard = usage.cacheReadAudio();
    long made = usage.output() - usage.reasoning();
    long audioOut = Math.min(usage.outputAudio(), made);
    long imageOut = Math.min(usage.outputImage(), made - audioOut);
    if (usage.incomplete()
        || (audioOut > 0 && rates.of(Rates.Kind.OUTPUT_AUDIO) == null)
        || (imageOut > 0 && rates.of(Rates.Kind.OUTPUT_IMAGE) == null)) {
      return null;
    }
    BigDecimal millionths =
        charge(uncached - audioIn - imageIn, rates, Rates.Kind.INPUT)
            .add(charge(audioIn, rates, Rates.Kind.INPUT_AUDIO))
            .add(charge(imageIn, rates, Rates.Kind.INPUT_IMAGE))
            .add(charge(usage.cacheRead() - heard, rates, Rates.Kind.CACHE_READ))
            .add(
                heard == 0
                    ? BigDecimal.ZERO
                    : BigDecimal.valueOf(heard).multiply(cachedAudio(rates)))
            .add(charge(usage.cacheWrite5m(), rates, Rates.Kind.CACHE_WRITE_5M))
            .add(charge(usage.cacheWrite1h(), rates, Rates.Kind.CACHE_WRITE_1H))
            .add(charge(made - audioOut - imageOut, rates, Rates.Kind.OUTPUT))
            .add(charge(audioOut, rates, Rates.Kind.OUTPUT_AUDIO))
            .add(charge(imageOut, rates, Rates.Kind.OUTPUT_IMAGE))
            .add(charge(usage.reasoning(), rates, Rates.Kind.REASONING));
    BigDecimal tokens = millionths.movePointLeft(PER_MILLION).multiply(multiplier);
    BigDecimal fees = perThousandCalls;
    for (Map.Entry<String, Long> used : usage.toolUses().entrySet()) {
      BigDecimal fee = toolFees.get(used.getKey());
      fees = fee == null ? fees : fees.add(fee.multiply(BigDecimal.valueOf(used.getValue())));
    }
    return plain(tokens.add(fees.movePointLeft(PER_THOUSAND)));
  }

  /** All of the answer as whatever is the dearest of what it may be made of. */
  private BigDecimal costOfUntold(Usage usage, BigDecimal multiplier, Rates rates) {
    long made = usage.output() - usage.reasoning();
    Usage.Builder told = usage.toBuilder(usage.source()).outputKindsUntold(false);
    BigDecimal most = null;
    if (rates.of(Rates.Kind.OUTPUT_AUDIO) != null) {
      most = cost(told.outputAudio(made).build(), multiplier, rates);
      told.outputAudio(0);
    }
    if (rates.of(Rates.Kind.OUTPUT_IMAGE) != null) {
      BigDecimal drawn = cost(told.outputImage(made).build(), multiplier, rates);
      most = most == null || drawn == null ? drawn : most.max(drawn);
      told.outputImage(0);
    }
    BigDecimal text = cost(told.build(), multiplier, rates);
    return most == null || text == null ? null : most.max(text);
  }

  /** Lists that state no rate for it give the same share off as for text. */
  private static BigDecimal cachedAudio(Rates rates) {
    BigDecimal read = rates.of(Rates.Kind.CACHE_READ);
    BigDecimal text = rates.of(Rates.Kind.INPUT);
    BigDecimal audio = rates.of(Rates.Kind.INPUT_AUDIO);
    return text.signum() == 0 || audio.compareTo(text) <= 0
        ? read
        : audio.multiply(read).divide(text, MathContext.DECIMAL64);
  }

  /**
   * The tier that is billed where an answer does not say which: who leaves it to the provider may
   * get the dearest, and who asks for a cheaper one may not get it.
   */
  String tierUnsaid(String asked) {
    String tier = AUTO.equalsIgnoreCase(asked) ? PRIORITY : asked;
    return multiplier(tier).compareTo(BigDecimal.ONE) < 0 ? null : tier;
  }

  /** Whether sounds in an answer have a rate of their own. */
  public boolean statesAudio() {
    return states(Rates.Kind.OUTPUT_AUDIO);
  }

  /** Whether images in an answer have a rate of their own. */
  public boolean statesImages() {
    return states(Rates.Kind.OUTPUT_IMAGE);
  }

  /** Whether reasoning has a rate of its own. */
  public boolean statesReasoning() {
    return states(Rates.Kind.REASONING);
  }

  /** Whether what is written to the provider's cache has a rate of its own. */
  public boolean statesCacheWrites() {
    return states(Rates.Kind.CACHE_WRITE_5M) || states(Rates.Kind.CACHE_WRITE_1H);
  }

  /** Whether it is dearer, or may be, to have it kept for an hour. */
  public boolean statesHourInCache() {
    return states(Rates.Kind.CACHE_WRITE_1H);
  }

  /** Whether the provider writes to its cache only what a request marks for it. */
  public boolean cachesWhenMarked() {
    return cachesWhenMarked;
  }

  /** Whether the fast mode has a price. */
  public boolean statesFast() {
    return multipliers.containsKey(FAST);
  }

  /** Whether that tool of the provider has a fee of its own. */
  public boolean chargesFor(String tool) {
    BigDecimal fee = toolFees.get(tool);
    return fee != null && fee.signum() > 0;
  }

  /** Whether the list says what that tool of the provider costs, be it nothing. */
  public boolean listsFeeOf(String tool) {
    return toolFees.containsKey(tool);
  }

  private boolean states(Rates.Kind kind) {
    for (Rates tier : tiers.values()) {
      if (tier.states(kind)) {
        return true;
      }
    }
    return base.states(kind);
  }

  private static BigDecimal charge(long tokens, Rates rates, Rates.Kind kind) {
    return tokens == 0 ? BigDecimal.ZERO : BigDecimal.valueOf(tokens).multiply(rates.of(kind));
  }

  private Rates ratesAt(long inputTokens) {
    Map.Entry<Long, Rates> tier = tiers.lowerEntry(inputTokens);
    return tier == null ? base : tier.getValue();
  }

  private BigDecimal multiplier(String word) {
    BigDecimal known = word == null ? null : multipliers.get(word.toLowerCase(Locale.ROOT));
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
