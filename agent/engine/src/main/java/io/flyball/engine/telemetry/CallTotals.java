package io.flyball.engine.telemetry;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Charge;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.price.CallPricing;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Sums over calls; of tokens {@link Long#MAX_VALUE} at most. Not thread safe; {@link CallHistory}
 * hands out copies.
 */
public final class CallTotals {
  private long calls;
  private long attempts;
  private long unpriced;
  private long estimated;
  private long inputTokens;
  private long cachedInputTokens;
  private long outputTokens;
  private BigDecimal cost = BigDecimal.ZERO;
  private BigDecimal wasted = BigDecimal.ZERO;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private final LatencyBuckets latency = new LatencyBuckets();

  CallTotals() {}

  void add(CallRecord record) {
    addUnpaid(record);
    for (Charge charge : record.charges()) {
      add(charge);
    }
  }

  void add(Charge charge) {
    cost = cost.add(charge.usd());
    wasted = charge.wasted() ? wasted.add(charge.usd()) : wasted;
  }

  /** Everything of a call but its cost. */
  void addUnpaid(CallRecord record) {
    calls++;
    attempts += record.attempts().size();
    outcomes.merge(record.outcome(), 1L, Long::sum);
    latency.add(record.endEpochNanos() - record.startEpochNanos());
    Usage usage = record.usage();
    if (usage != null) {
      inputTokens = Counts.plus(inputTokens, usage.input());
      cachedInputTokens = Counts.plus(cachedInputTokens, usage.cacheRead());
      outputTokens = Counts.plus(outputTokens, usage.output());
      estimated += usage.source() == Usage.Source.REPORTED ? 0 : 1;
    }
    unpriced += CallPricing.isUnpriced(record) ? 1 : 0;
  }

  CallTotals copy() {
    CallTotals copy = new CallTotals();
    copy.calls = calls;
    copy.attempts = attempts;
    copy.unpriced = unpriced;
    copy.estimated = estimated;
    copy.inputTokens = inputTokens;
    copy.cachedInputTokens = cachedInputTokens;
    copy.outputTokens = outputTokens;
    copy.cost = cost;
    copy.wasted = wasted;
    copy.outcomes.putAll(outcomes);
    copy.latency.addAll(latency);
    return copy;
  }

  public long calls() {
    return calls;
  }

  /** Requests on the wire. */
  public long attempts() {
    return attempts;
  }

  /** Calls that used tokens without a known price. */
  public long unpricedCalls() {
    return unpriced;
  }

  /** Calls whose usage was counted by us, in whole or in part. */
  public long estimatedCalls() {
    return estimated;
  }

  /** Cached tokens included. */
  public long inputTokens() {
    return inputTokens;
  }

  public long cachedInputTokens() {
    return cachedInputTokens;
  }

  public long outputTokens() {
    return outputTokens;
  }

  /** US dollars, exact, of the calls that have a price. */
  public BigDecimal costUsd() {
    return cost;
  }

  /** US dollars within {@link #costUsd()} for answers that were not delivered. */
  public BigDecimal wastedUsd() {
    return wasted;
  }

  /** How many calls ended how; outcomes that did not occur are left out. */
  public Map<Outcome, Long> outcomes() {
    return Collections.unmodifiableMap(outcomes);
  }

  /**
   * The latency that a share of the calls stayed below, in nanoseconds, at most 10 % too high; 0
   * when there were no calls.
   *
   * @param share above 0, at most 1
   */
  public long latencyNanos(double share) {
    return latency.quantile(share);
  }
}
