package io.flyball.protocol.answer;

import io.flyball.protocol.json.Counts;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.function.Function;

/**
 * What a provider says an answer costs, in the words of those who say it: OpenRouter's {@code cost}
 * (a credit is a dollar) and {@code cost_details}, Perplexity's {@code cost.total_cost}, xAI's
 * {@code cost_in_usd_ticks}, DeepInfra's {@code estimated_cost}, Vercel's {@code
 * provider_metadata.gateway.cost}.
 *
 * <p>Who calls with a key of their own at OpenRouter pays OpenRouter its fee and the provider the
 * rest: both count. Of what is said in several words the largest holds. A bare zero, in whichever
 * of them, is what gateways say that know no price, and says nothing; neither does an amount in
 * another currency.
 */
public final class StatedCost {
  private static final int TICKS_SCALE = 10;

  /** LiteLLM's, for an answer that is not streamed. */
  private static final String HEADER = "x-litellm-response-cost";

  private static final int LONGEST_HEADER = 40;

  private BigDecimal cost;
  private BigDecimal upstream;
  private BigDecimal total;
  private BigDecimal ticks;
  private boolean ownKey;
  private boolean notOwnKey;
  private boolean itemised;
  private boolean foreign;

  /** Whether it is the answer as a whole that says so. */
  private boolean allForeign;

  /** The largest that was said: a later smaller one is a placeholder. */
  private BigDecimal usd;

  /**
   * Names the fields of a usage object that say it.
   *
   * @param of where the answer keeps it; made when it is first asked for
   */
  public static <A> JsonShape.Builder<A> within(
      JsonShape.Builder<A> usage, Function<A, StatedCost> of) {
    JsonShape<A> itemised =
        JsonShape.<A>builder()
            .value("total_cost", (a, v) -> of.apply(a).total = larger(of.apply(a).total, v))
            .value("currency", (a, v) -> of.apply(a).currency(v))
            .build();
    JsonShape<A> details =
        JsonShape.<A>builder()
            .value("upstream_inference_cost", (a, v) -> of.apply(a).upstream(v))
            .build();
    return usage
        .value("cost", (a, v) -> of.apply(a).cost = larger(of.apply(a).cost, v))
        .inside("cost", itemised)
        .inside("cost_details", details)
        .value("estimated_cost", (a, v) -> of.apply(a).cost = larger(of.apply(a).cost, v))
        .value("cost_in_usd_ticks", (a, v) -> of.apply(a).ticks = larger(of.apply(a).ticks, v))
        .value("is_byok", (a, v) -> of.apply(a).byok(v))
        .value("currency", (a, v) -> of.apply(a).currency(v));
  }

  /** The shape of Vercel's {@code provider_metadata}. */
  public static <A> JsonShape<A> gateway(Function<A, StatedCost> of) {
    JsonShape<A> gateway =
        JsonShape.<A>builder()
            .value("cost", (a, v) -> of.apply(a).say(unlessZero(v.amount())))
            .build();
    return JsonShape.<A>builder().inside("gateway", gateway).build();
  }

  /**
   * What a gateway reckons an answer costs, in US dollars, and says in a header of it; null when it
   * says nothing, or zero, as those do that know no price.
   *
   * @param header gives the values of a header, of which the largest holds
   */
  public static BigDecimal reckoned(Function<String, List<String>> header) {
    BigDecimal usd = null;
    for (String value : header.apply(HEADER)) {
      if (value.length() <= LONGEST_HEADER) {
        usd = larger(usd, unlessZero(Counts.amount(value.toCharArray(), 0, value.length())));
      }
    }
    return usd;
  }

  private static BigDecimal unlessZero(BigDecimal amount) {
    return amount == null || amount.signum() == 0 ? null : amount;
  }

  private static BigDecimal larger(BigDecimal one, BigDecimal other) {
    return one == null ? other : other == null ? one : one.max(other);
  }

  /** A name that stands twice may be a null or a zero the second time. */
  private static BigDecimal larger(BigDecimal known, JsonValue value) {
    return larger(known, value.amount());
  }

  /** There or null: who says what the provider took knows prices. */
  private void upstream(JsonValue value) {
    itemised = true;
    upstream = larger(upstream, value);
  }

  private void byok(JsonValue value) {
    ownKey |= value.isTrue();
    notOwnKey |= value.isFalse();
  }

  private void currency(JsonValue value) {
    foreign |= isForeign(value);
  }

  /** A currency that stands beside the usage. */
  public void currencyOfAnswer(JsonValue value) {
    allForeign |= isForeign(value);
  }

  private static boolean isForeign(JsonValue value) {
    String name = value.text();
    return name != null && !name.trim().equalsIgnoreCase("USD");
  }

  /** A usage object is over. */
  public void endUsage() {
    say(takeUsage());
  }

  /** As {@link #endUsage}, for who adds it to others: what it says; null when it says nothing. */
  public BigDecimal takeUsage() {
    BigDecimal said = null;
    if (!foreign) {
      said = ticks == null ? null : unlessZero(ticks.movePointLeft(TICKS_SCALE));
      said = larger(said, unlessZero(total));
      said = larger(said, cost == null && upstream == null ? null : costOfUsage());
    }
    cost = null;
    upstream = null;
    total = null;
    ticks = null;
    ownKey = false;
    notOwnKey = false;
    itemised = false;
    foreign = false;
    return said;
  }

  private BigDecimal costOfUsage() {
    BigDecimal charged = cost == null ? BigDecimal.ZERO : cost;
    BigDecimal elsewhere = upstream == null ? BigDecimal.ZERO : upstream;
    // Without a word of whose key it was, the provider's part is within what it does not exceed.
    boolean both = ownKey || (!notOwnKey && elsewhere.compareTo(charged) > 0);
    BigDecimal all = both ? charged.add(elsewhere) : charged;
    // Who itemises a price of zero knows it.
    boolean free = cost != null && (notOwnKey || itemised);
    return all.signum() > 0 || free ? all : null;
  }

  /** So much, all in all; null says nothing. */
  public void say(BigDecimal amount) {
    usd = larger(usd, amount);
  }

  /** US dollars; null when nothing was said. */
  public BigDecimal usd() {
    return allForeign ? null : usd;
  }
}
