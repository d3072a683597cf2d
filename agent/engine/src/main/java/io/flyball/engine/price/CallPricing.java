package io.flyball.engine.price;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Fills usage and cost into the records of calls; the first thing on the record thread. Needs the
 * attempts' content only where usage was not reported.
 */
public final class CallPricing {
  private final PriceCatalogue catalogue;
  private final UsageEstimate estimate;

  public CallPricing(PriceCatalogue catalogue, UsageEstimate estimate) {
    this.catalogue = Objects.requireNonNull(catalogue, "catalogue");
    this.estimate = Objects.requireNonNull(estimate, "estimate");
  }

  /**
   * The record with usage and cost, of each attempt and of all together; either stays null where it
   * is not known. A call that was answered without the wire used nothing.
   */
  public CallRecord price(CallRecord record) {
    List<AttemptRecord> attempts = new ArrayList<>(record.attempts().size());
    Usage delivered = null;
    BigDecimal sum = null;
    for (AttemptRecord attempt : record.attempts()) {
      AttemptRecord priced = price(attempt, record.request());
      attempts.add(priced);
      delivered = priced.delivered() ? priced.usage() : delivered;
      if (priced.costUsd() != null) {
        sum = sum == null ? priced.costUsd() : sum.add(priced.costUsd());
      }
    }
    return record.toBuilder().attempts(attempts).usage(delivered).costUsd(sum).build();
  }

  /**
   * What these attempts cost, exactly what {@link #price} will say of them; null where that would
   * take an estimate, or a price is not known. Takes microseconds.
   *
   * @param asked what the application asked for
   * @param attempts all of a call that has no other
   */
  public BigDecimal reportedCost(RequestFacts asked, List<AttemptRecord> attempts) {
    BigDecimal sum = BigDecimal.ZERO;
    for (AttemptRecord attempt : attempts) {
      RequestFacts sent = attempt.request() == null ? asked : attempt.request();
      if (sent.operation() == Operation.COUNT_TOKENS || !(attempt.used() || attempt.openEnded())) {
        continue;
      }
      Usage usage = attempt.usage();
      BigDecimal cost =
          usage == null || usage.source() != Usage.Source.REPORTED
              ? null
              : costOf(sent, attempt, usage);
      if (cost == null) {
        return null;
      }
      sum = sum.add(cost);
    }
    return sum;
  }

  private AttemptRecord price(AttemptRecord attempt, RequestFacts asked) {
    RequestFacts sent = attempt.request() == null ? asked : attempt.request();
    Usage usage = estimate.usageOf(sent, attempt);
    return attempt.priced(usage, usage == null ? null : costOf(sent, attempt, usage));
  }

  /** Whether tokens were used that have no price. */
  public static boolean isUnpriced(CallRecord record) {
    if (record.request().operation() == Operation.COUNT_TOKENS) {
      return false;
    }
    for (AttemptRecord attempt : record.attempts()) {
      if (attempt.usage() != null && attempt.costUsd() == null) {
        return true;
      }
    }
    return record.usage() != null && record.costUsd() == null;
  }

  /** What the provider says it charges; else what its list says, as far as that says it. */
  private BigDecimal costOf(RequestFacts sent, AttemptRecord attempt, Usage usage) {
    if (usage.statedUsd() != null && usage.source() == Usage.Source.REPORTED) {
      return usage.statedUsd();
    }
    ResponseFacts response = attempt.response();
    String answered = response == null ? null : response.model();
    Optional<Price> price = catalogue.priceOf(sent.provider(), attempt.host(), answered);
    if (!price.isPresent()) {
      price = catalogue.priceOf(sent.provider(), attempt.host(), sent.model());
    }
    if (!price.isPresent()) {
      return null;
    }
    if (response == null) {
      return price.get().cost(usage, sent.serviceTier(), sent.speed(), region(null, sent, attempt));
    }
    return price
        .get()
        .cost(
            usage,
            response.serviceTier() == null ? sent.serviceTier() : response.serviceTier(),
            response.speed() == null ? sent.speed() : response.speed(),
            region(response.region(), sent, attempt));
  }

  private static String region(String billed, RequestFacts sent, AttemptRecord attempt) {
    if (billed != null) {
      return billed;
    }
    return sent.region() == null ? Regions.of(attempt.host()) : sent.region();
  }
}
