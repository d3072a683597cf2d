package io.flyball.engine.pipeline;

import io.flyball.engine.Recogniser;
import io.flyball.engine.anomaly.ThrottleStage;
import io.flyball.engine.attempt.TimedAttempt;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.budget.BudgetStage;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.fallback.FallbackStage;
import io.flyball.engine.limit.LimitStage;
import io.flyball.engine.recovery.RecoveryStage;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.request.RequestLimitStage;
import io.flyball.engine.retry.RetryStage;
import io.flyball.engine.retry.SdkRetries;
import io.flyball.engine.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The order in which the stages stand. The whole call is measured around it, every attempt in it.
 */
public final class StandardPipeline {

  private StandardPipeline() {}

  /** Nothing between the application and the wire: calls are charged, and nothing else. */
  public static Pipeline observing(Policies policies, TimeSource time, InternalErrors errors) {
    return new Pipeline(charging(policies, time), errors);
  }

  /** For a call that the application wants left alone: it is charged, and nothing else. */
  public static Pipeline bypassing(Policies policies, TimeSource time, InternalErrors errors) {
    List<Stage> stages = charging(policies, time);
    stages.add(new OwnHeaders());
    return new Pipeline(stages, errors);
  }

  /** For a call whose request cannot be read, where there are hard guards: it is refused. */
  public static Pipeline refusingUnread(Policies policies, InternalErrors errors) {
    List<Stage> stages = new ArrayList<>(2);
    if (policies.suppressesSdkRetries()) {
      stages.add(new SdkRetries());
    }
    stages.add(new UnreadRefusal());
    return new Pipeline(stages, errors);
  }

  private static List<Stage> charging(Policies policies, TimeSource time) {
    List<Stage> stages = new ArrayList<>(2);
    if (!policies.budgets().budgets().isEmpty()) {
      stages.add(
          new BudgetStage(policies.budgets(), policies.ledger(), policies.costBounds(), time)
              .chargingOnly());
    }
    return stages;
  }

  /**
   * The policies between the application and the wire.
   *
   * @param added stages from elsewhere, outermost first; they see the application's {@code
   *     x-flyball-*} headers, and answers that have committed
   */
  public static Pipeline governing(
      List<Stage> added,
      Policies policies,
      Recogniser recogniser,
      Timer timer,
      TimeSource time,
      InternalErrors errors) {
    List<Stage> stages = new ArrayList<>(added);
    if (policies.suppressesSdkRetries()) {
      stages.add(new SdkRetries());
    }
    if (policies.throttle() != null) {
      stages.add(new ThrottleStage(policies.throttle()));
    }
    if (policies.limiter() != null) {
      stages.add(LimitStage.ofCalls(policies.limiter(), policies.limitWaitNanos()));
    }
    boolean splice = policies.streamRecovery() == StreamRecovery.SPLICE;
    if (policies.judgesAttempts()) {
      Predicate<ModelCall> mayAsk =
          policies.retry().isNever()
              ? call -> true
              : call -> policies.retryBudget().of(call.service().key()).tryRetry();
      stages.add(new RecoveryStage(splice, policies.joinNanos(), mayAsk, time));
    }
    BiPredicate<ModelCall, Verdict> hasNext = (call, verdict) -> false;
    if (splice || !policies.fallback().isEmpty() || policies.remembersAnswers()) {
      FallbackStage fallback =
          new FallbackStage(
              policies.fallback(),
              recogniser,
              policies.remembersAnswers(),
              policies.lastAnswers(),
              policies.windows(),
              policies.hedging(),
              errors);
      stages.add(fallback);
      hasNext = fallback::hasNext;
    }
    if (!policies.requestLimits().isEmpty()) {
      stages.add(
          new RequestLimitStage(
              policies.requestLimits(), policies.costBounds(), policies.windows()));
    }
    if (!policies.retry().isNever()) {
      stages.add(
          new RetryStage(
              policies.retry(), policies.backoff(), policies.retryBudget(), hasNext, timer, time));
    }
    if (policies.limiter() != null) {
      stages.add(LimitStage.ofAttempts(policies.limiter(), policies.limitWaitNanos()));
    }
    if (!policies.budgets().budgets().isEmpty()) {
      stages.add(
          new BudgetStage(policies.budgets(), policies.ledger(), policies.costBounds(), time));
    }
    if (policies.breakers() != null) {
      stages.add(new BreakerStage(policies.breakers(), time));
    }
    if (policies.asksForUsage()) {
      stages.add(new AskForUsage(time));
    }
    if (policies.judgesAttempts() || !added.isEmpty()) {
      boolean others = policies.fallback().answersErrors();
      boolean buffer = policies.streamRecovery() == StreamRecovery.BUFFER;
      stages.add(new TimedAttempt(policies.timeouts(), buffer, others, timer, time));
    }
    stages.add(new StreamEdits(errors));
    stages.add(new ReadableEncoding());
    stages.add(new OwnHeaders());
    return new Pipeline(stages, errors);
  }
}
