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
  private static final String AUTO = "auto";

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
      BigDecimal cost = isReported(usage) ? costOf(sent, attempt, usage) : null;
      if (cost == null) {
        return null;
      }
      sum = sum.add(cost);
    }
    return sum;
  }

  /**
   * The same record as {@link #price} makes, without waiting for anything that takes long.
   *
   * @return null where usage would have to be estimated
   */
  public CallRecord priceOfReported(CallRecord record) {
    for (AttemptRecord attempt : record.attempts()) {
      if ((attempt.used() || attempt.openEnded()) && !isReported(attempt.usage())) {
        return null;
      }
    }
    return price(record);
  }

  private static boolean isReported(Usage usage) {
    return usage != null && usage.source() == Usage.Source.REPORTED;
  }

  private AttemptRecord price(AttemptRecord attempt, RequestFacts asked) {
    RequestFacts sent = attempt.request() == null ? asked : attempt.request();
    Usage usage = asTold(estimate.usageOf(sent, attempt), attempt);
    return attempt.priced(usage, usage == null ? null : costOf(sent, attempt, usage));
  }

  /** What was told of usage that is too little to be a bill holds: the prompt, or a total. */
  private static Usage asTold(Usage estimated, AttemptRecord attempt) {
    ResponseFacts said = attempt.response();
    Usage told = said == null ? null : said.besidesTokens();
    if (estimated == null || told == null || attempt.usage() != null) {
      return estimated;
    }
    long input = told.input() > 0 ? told.input() : estimated.input();
    return estimated.toBuilder(estimated.source())
        .input(input)
        .output(Math.max(estimated.output(), told.total() - input))
        .build();
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

  /** What the provider says it charges; else the larger of what its list and its gateway say. */
  private BigDecimal costOf(RequestFacts sent, AttemptRecord attempt, Usage usage) {
    if (usage.statedUsd() != null && isReported(usage)) {
      return usage.statedUsd();
    }
    // What was stated before an early end is not the whole; a gateway has a list of its own, and
    // one
    // that says less than ours opens no budget.
    return larger(
        listCostOf(sent, attempt, usage), larger(usage.statedUsd(), attempt.reckonedUsd()));
  }

  private static BigDecimal larger(BigDecimal one, BigDecimal other) {
    return one == null || (other != null && other.compareTo(one) > 0) ? other : one;
  }

  private BigDecimal listCostOf(RequestFacts sent, AttemptRecord attempt, Usage told) {
    Usage usage = ToolFees.charged(told, sent);
    ResponseFacts response = attempt.response();
    String answered = response == null ? null : response.model();
    Optional<Price> price = catalogue.priceOf(sent.provider(), attempt.host(), answered);
    if (!price.isPresent()) {
      price = catalogue.priceOf(sent.provider(), attempt.host(), sent.model());
    }
    if (!price.isPresent()) {
      return null;
    }
    String unsaid = price.get().tierUnsaid(sent.serviceTier());
    if (response == null) {
      return price.get().cost(usage, unsaid, sent.speed(), region(null, sent, attempt));
    }
    String billed = response.serviceTier();
    // The word that leaves it to the provider names no tier.
    boolean named =
        billed != null && !(AUTO.equalsIgnoreCase(billed) && sent.serviceTier() != null);
    return price
        .get()
        .cost(
            usage,
            named ? billed : unsaid,
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
