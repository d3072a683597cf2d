package io.flyball.engine.pipeline;

import io.flyball.base.InternalErrors;
import io.flyball.engine.Recogniser;
import io.flyball.engine.anomaly.ThrottleStage;
import io.flyball.engine.attempt.TimedAttempt;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.budget.BudgetStage;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.Place;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.fallback.FallbackStage;
import io.flyball.engine.limit.LimitStage;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.recovery.RecoveryStage;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.request.RequestLimitStage;
import io.flyball.engine.retry.RetryStage;
import io.flyball.engine.retry.SdkRetries;
import io.flyball.engine.time.Timer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * What stands in the pipelines of the different kinds of calls; in which order says {@link Place}.
 * The whole call is measured around it, every attempt in it.
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

  /**
   * For a call that is known by its body alone: what it may cost is held against all guards, and
   * its answer, which may be in any format, is handed on as it comes.
   */
  public static Pipeline guarding(Policies policies, TimeSource time, InternalErrors errors) {
    List<PlacedStage> stages = new ArrayList<>();
    if (policies.suppressesSdkRetries()) {
      stages.add(new PlacedStage(Place.SDK_RETRIES, new SdkRetries()));
    }
    if (policies.throttle() != null) {
      stages.add(new PlacedStage(Place.THROTTLE, new ThrottleStage(policies.throttle())));
    }
    addLimits(stages, Place.CALL_LIMITS, policies, LimitStage::ofCalls);
    addRequestLimits(stages, policies);
    addLimits(stages, Place.TARGET_LIMITS, policies, LimitStage::ofAttempts);
    addBudgets(stages, policies, time);
    return inOrder(stages, errors);
  }

  /** One of the two kinds of limits. */
  private interface Limits {
    Stage of(Limiter limiter, long maxWaitNanos, RefusalNotices notices);
  }

  private static void addLimits(
      List<PlacedStage> stages, Place place, Policies policies, Limits kind) {
    if (policies.limiter() != null) {
      stages.add(
          new PlacedStage(
              place, kind.of(policies.limiter(), policies.limitWaitNanos(), policies.refusals())));
    }
  }

  private static void addRequestLimits(List<PlacedStage> stages, Policies policies) {
    if (!policies.requestLimits().isEmpty()) {
      stages.add(
          new PlacedStage(
              Place.REQUEST_LIMITS,
              new RequestLimitStage(
                  policies.requestLimits(),
                  policies.costBounds(),
                  policies.windows(),
                  policies.refusals())));
    }
  }

  private static void addBudgets(List<PlacedStage> stages, Policies policies, TimeSource time) {
    if (!policies.budgets().budgets().isEmpty()) {
      stages.add(new PlacedStage(Place.BUDGET, budgets(policies, time)));
    }
  }

  private static BudgetStage budgets(Policies policies, TimeSource time) {
    return new BudgetStage(
        policies.budgets(), policies.ledger(), policies.costBounds(), policies.refusals(), time);
  }

  private static List<Stage> charging(Policies policies, TimeSource time) {
    List<Stage> stages = new ArrayList<>(2);
    if (!policies.budgets().budgets().isEmpty()) {
      stages.add(budgets(policies, time).chargingOnly());
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
    List<PlacedStage> stages = new ArrayList<>(policies.stages());
    added.forEach(stage -> stages.add(new PlacedStage(Place.ADDED, stage)));
    if (policies.suppressesSdkRetries()) {
      stages.add(new PlacedStage(Place.SDK_RETRIES, new SdkRetries()));
    }
    if (policies.throttle() != null) {
      stages.add(new PlacedStage(Place.THROTTLE, new ThrottleStage(policies.throttle())));
    }
    addLimits(stages, Place.CALL_LIMITS, policies, LimitStage::ofCalls);
    boolean splice = policies.streamRecovery() == StreamRecovery.SPLICE;
    if (policies.judgesAttempts()) {
      Predicate<ModelCall> mayAsk =
          policies.retry().isNever()
              ? call -> true
              : call -> policies.retryBudget().of(call.service().key()).tryRetry();
      stages.add(
          new PlacedStage(
              Place.RECOVERY, new RecoveryStage(splice, policies.joinNanos(), mayAsk, time)));
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
      stages.add(new PlacedStage(Place.FALLBACK, fallback));
      hasNext = fallback::hasNext;
    }
    addRequestLimits(stages, policies);
    if (!policies.retry().isNever()) {
      stages.add(
          new PlacedStage(
              Place.RETRY,
              new RetryStage(
                  policies.retry(),
                  policies.backoff(),
                  policies.retryBudget(),
                  hasNext,
                  timer,
                  time)));
    }
    addLimits(stages, Place.TARGET_LIMITS, policies, LimitStage::ofAttempts);
    addBudgets(stages, policies, time);
    if (policies.asksForUsage()) {
      stages.add(new PlacedStage(Place.ASK_FOR_USAGE, new AskForUsage(time)));
    }
    if (policies.judgesAttempts() || !added.isEmpty()) {
      boolean others = policies.fallback().answersErrors();
      boolean buffer = policies.streamRecovery() == StreamRecovery.BUFFER;
      stages.add(
          new PlacedStage(
              Place.ATTEMPT,
              new TimedAttempt(policies.timeouts(), buffer, others, splice, timer, time)));
    }
    stages.add(new PlacedStage(Place.EDITS, new StreamEdits(policies.refusals(), errors)));
    stages.add(new PlacedStage(Place.EDITS, new ReadableEncoding()));
    return inOrder(stages, errors);
  }

  /** What goes to the wire carries none of the headers that are meant for Flyball. */
  private static Pipeline inOrder(List<PlacedStage> placed, InternalErrors errors) {
    List<PlacedStage> sorted = new ArrayList<>(placed);
    sorted.sort(Comparator.comparing(PlacedStage::place));
    List<Stage> stages = new ArrayList<>();
    sorted.forEach(each -> stages.add(each.stage()));
    stages.add(new OwnHeaders());
    return new Pipeline(stages, errors);
  }
}
