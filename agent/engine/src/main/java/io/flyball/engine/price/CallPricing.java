package io.flyball.engine.price;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Fills usage and cost into the records of calls; the first thing on the record thread. Needs the
 * record's content only where usage was not reported.
 */
public final class CallPricing {
  private final PriceCatalogue catalogue;
  private final UsageEstimate estimate;

  public CallPricing(PriceCatalogue catalogue, UsageEstimate estimate) {
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.estimate = Objects.requireNonNull(estimate, "estimate");
  }

  /** The record with usage and cost; either stays null where it is not known. */
  public CallRecord price(CallRecord record) {
    Usage usage = estimate.usageOf(record);
    return record.priced(usage, usage == null ? null : costOf(record, usage));
  }

  /** Whether tokens were used that have no price. */
  public static boolean isUnpriced(CallRecord record) {
    return record.usage() != null
        && record.costUsd() == null
        && record.request().operation() != Operation.COUNT_TOKENS;
  }

  private BigDecimal costOf(CallRecord record, Usage usage) {
    Optional<Price> price = priceOf(record, record.response().model());
    if (!price.isPresent()) {
      price = priceOf(record, record.request().model());
    }
    String tier = record.response().serviceTier();
    String billedTier = tier == null ? record.request().serviceTier() : tier;
    return price.map(each -> each.cost(usage, billedTier)).orElse(null);
  }

  private Optional<Price> priceOf(CallRecord record, String model) {
    List<AttemptRecord> attempts = record.attempts();
    String host = attempts.isEmpty() ? null : attempts.get(attempts.size() - 1).host();
    return catalogue.priceOf(record.request().provider(), host, model);
  }
}
