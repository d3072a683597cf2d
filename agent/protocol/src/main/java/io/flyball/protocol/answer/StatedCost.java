package io.flyball.protocol.answer;

import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonValue;
import java.math.BigDecimal;
import java.util.function.Function;

/**
 * What a provider says an answer costs, in the words of those who say it: OpenRouter's {@code cost}
 * (a credit is a dollar) and {@code cost_details}, Perplexity's {@code cost.total_cost}, xAI's
 * {@code cost_in_usd_ticks}, DeepInfra's {@code estimated_cost}, Vercel's {@code
 * provider_metadata.gateway.cost}.
 *
 * <p>Who calls with a key of their own at OpenRouter pays OpenRouter its fee and the provider the
 * rest: both count. A bare zero is what gateways say that know no price, and says nothing; neither
 * does an amount in another currency.
 */
public final class StatedCost {
  private static final int TICKS_SCALE = 10;

  private BigDecimal cost;
  private BigDecimal upstream;
  private BigDecimal total;
  private BigDecimal ticks;
  private boolean ownKey;
  private boolean notOwnKey;
  private boolean itemised;
  private boolean foreign;

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
            .begin(a -> of.apply(a).itemised = true)
            .value(
                "upstream_inference_cost",
                (a, v) -> of.apply(a).upstream = larger(of.apply(a).upstream, v))
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
        JsonShape.<A>builder().value("cost", (a, v) -> of.apply(a).say(v.amount())).build();
    return JsonShape.<A>builder().inside("gateway", gateway).build();
  }

  /** A name that stands twice may be a null or a zero the second time. */
  private static BigDecimal larger(BigDecimal known, JsonValue value) {
    BigDecimal told = value.amount();
    return told == null || (known != null && known.compareTo(told) > 0) ? known : told;
  }

  private void byok(JsonValue value) {
    ownKey |= value.isTrue();
    notOwnKey |= value.isFalse();
  }

  private void currency(JsonValue value) {
    String name = value.text();
    foreign |= name != null && !name.trim().equalsIgnoreCase("USD");
  }

  /** A usage object is over. */
  public void endUsage() {
    if (!foreign) {
      if (ticks != null) {
        say(ticks.movePointLeft(TICKS_SCALE));
      } else if (total != null) {
        say(total);
      } else if (cost != null || upstream != null) {
        sayCost();
      }
    }
    cost = null;
    upstream = null;
    total = null;
    ticks = null;
    ownKey = false;
    notOwnKey = false;
    itemised = false;
    foreign = false;
  }

  private void sayCost() {
    BigDecimal charged = cost == null ? BigDecimal.ZERO : cost;
    BigDecimal elsewhere = upstream == null ? BigDecimal.ZERO : upstream;
    // Without a word of whose key it was, the provider's part is within what it does not exceed.
    boolean both = ownKey || (!notOwnKey && elsewhere.compareTo(charged) > 0);
    BigDecimal all = both ? charged.add(elsewhere) : charged;
    if (all.signum() > 0 || notOwnKey || itemised) {
      say(all);
    }
  }

  private void say(BigDecimal amount) {
    if (amount != null) {
      usd = usd == null ? amount : usd.max(amount);
    }
  }

  /** US dollars; null when nothing was said. */
  public BigDecimal usd() {
    return usd;
  }
}
