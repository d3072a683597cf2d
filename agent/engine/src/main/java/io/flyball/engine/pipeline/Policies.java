package io.flyball.engine.pipeline;

import io.flyball.engine.anomaly.Throttle;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.Stage;
import io.flyball.engine.capability.Place;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.fallback.ContextWindows;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.Hedging;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.request.RequestLimits;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What is done with a call between the application and the wire: the user's settings, and the state
 * that outlives a change of them. Immutable but for that state.
 */
public final class Policies {
  /** Measures and passes on. */
  public static final Policies NONE = builder().build();

  private final Throttle throttle;
  private final TimeoutSettings timeouts;
  private final RetrySettings retry;
  private final Backoff backoff;
  private final RetryBudget retryBudget;
  private final boolean suppressSdkRetries;
  private final List<PlacedStage> stages;
  private final FallbackSettings fallback;
  private final LastAnswers lastAnswers;
  private final ContextWindows windows;
  private final Hedging hedging;
  private final Limiter limiter;
  private final long limitWaitNanos;
  private final BudgetSettings budgets;
  private final Ledger ledger;
  private final CostBounds costBounds;
  private final RequestLimits requestLimits;
  private final RefusalNotices refusals;
  private final StreamRecovery streamRecovery;
  private final boolean asksForUsage;
  private final long joinNanos;

  private Policies(Builder builder) {
    this.throttle = builder.throttle;
    this.timeouts = builder.timeouts;
    this.retry = builder.retry;
    this.backoff = builder.backoff;
    this.retryBudget = builder.retryBudget;
    this.suppressSdkRetries = builder.suppressSdkRetries;
    this.stages = Collections.unmodifiableList(new ArrayList<>(builder.stages));
    this.fallback = builder.fallback;
    this.lastAnswers = builder.lastAnswers;
    this.windows = builder.windows;
    this.hedging = builder.hedging;
    this.limiter = builder.limiter;
    this.limitWaitNanos = builder.limitWaitNanos;
    this.budgets = builder.budgets;
    this.ledger = builder.ledger;
    this.costBounds = builder.costBounds;
    this.requestLimits = builder.requestLimits;
    this.refusals = builder.refusals;
    this.streamRecovery = builder.streamRecovery;
    this.asksForUsage = builder.asksForUsage;
    this.joinNanos = builder.joinNanos;
  }

  public static Builder builder() {
    return new Builder();
  }

  Throttle throttle() {
    return throttle;
  }

  public TimeoutSettings timeouts() {
    return timeouts;
  }

  RetrySettings retry() {
    return retry;
  }

  Backoff backoff() {
    return backoff;
  }

  RetryBudget retryBudget() {
    return retryBudget;
  }

  /** Whether Flyball's no is final for the SDK, too. */
  public boolean suppressesSdkRetries() {
    return suppressSdkRetries;
  }

  /** Those that capabilities bring. */
  List<PlacedStage> stages() {
    return stages;
  }

  FallbackSettings fallback() {
    return fallback;
  }

  LastAnswers lastAnswers() {
    return lastAnswers;
  }

  ContextWindows windows() {
    return windows;
  }

  Hedging hedging() {
    return hedging;
  }

  Limiter limiter() {
    return limiter;
  }

  long limitWaitNanos() {
    return limitWaitNanos;
  }

  BudgetSettings budgets() {
    return budgets;
  }

  Ledger ledger() {
    return ledger;
  }

  CostBounds costBounds() {
    return costBounds;
  }

  RefusalNotices refusals() {
    return refusals;
  }

  RequestLimits requestLimits() {
    return requestLimits;
  }

  /**
   * Whether the user has named who is asked, or what is answered, when a target does not answer.
   */
  public boolean hasChain() {
    return fallback.hasChain();
  }

  /** Whether there is a limit that no call may pass unread. */
  public boolean hasHardGuards() {
    return budgets.isHard() || !requestLimits.isEmpty();
  }

  /** Whether last good answers are asked for, by the chain or by a budget. */
  boolean remembersAnswers() {
    return fallback.needsLastAnswers() || budgets.needsLastAnswers();
  }

  StreamRecovery streamRecovery() {
    return streamRecovery;
  }

  /** Whether streams are asked to report usage where the application did not ask. */
  boolean asksForUsage() {
    return asksForUsage;
  }

  long joinNanos() {
    return joinNanos;
  }

  /** Whether a policy stands that could answer instead of the wire, or must know how it answers. */
  boolean judgesAttempts() {
    return this != NONE;
  }

  /** By default nothing is done. */
  public static final class Builder {
    private Throttle throttle;
    private TimeoutSettings timeouts = TimeoutSettings.OFF;
    private RetrySettings retry = RetrySettings.NEVER;
    private Backoff backoff;
    private RetryBudget retryBudget;
    private boolean suppressSdkRetries;
    private final List<PlacedStage> stages = new ArrayList<>();
    private FallbackSettings fallback = FallbackSettings.NONE;
    private LastAnswers lastAnswers;
    private ContextWindows windows = (provider, host, model) -> 0;
    private Hedging hedging;
    private Limiter limiter;
    private long limitWaitNanos;
    private BudgetSettings budgets = BudgetSettings.NONE;
    private Ledger ledger;
    private CostBounds costBounds;
    private RequestLimits requestLimits = RequestLimits.NONE;
    private RefusalNotices refusals = RefusalNotices.NONE;
    private StreamRecovery streamRecovery = StreamRecovery.OFF;
    private boolean asksForUsage = true;
    private long joinNanos = Long.MAX_VALUE;

    private Builder() {}

    /** Holds back who does what is not usual; outlives a change of settings. Null: nobody is. */
    public Builder throttle(Throttle value) {
      this.throttle = value;
      return this;
    }

    public Builder timeouts(TimeoutSettings value) {
      this.timeouts = value;
      return this;
    }

    /**
     * @param attempts on one target, the first one included; 1: never again
     * @param budget of all calls together; outlives a change of settings
     */
    public Builder retry(int attempts, Backoff theBackoff, RetryBudget budget) {
      return retry(RetrySettings.of(attempts), theBackoff, budget);
    }

    /**
     * @param budget of all calls together; outlives a change of settings
     */
    public Builder retry(RetrySettings settings, Backoff theBackoff, RetryBudget budget) {
      this.retry = settings;
      this.backoff = theBackoff;
      this.retryBudget = budget;
      return this;
    }

    public Builder suppressSdkRetries(boolean value) {
      this.suppressSdkRetries = value;
      return this;
    }

    /** Those that capabilities bring, behind those that are there. */
    public Builder stages(List<PlacedStage> values) {
      this.stages.addAll(values);
      return this;
    }

    /** One more at that place. */
    public Builder stage(Place place, Stage stage) {
      this.stages.add(new PlacedStage(place, stage));
      return this;
    }

    /**
     * @param remembered where the last good answers are; needed when the chain asks for them
     * @param theWindows how much text models take
     */
    public Builder fallback(
        FallbackSettings settings, LastAnswers remembered, ContextWindows theWindows) {
      this.fallback = settings;
      this.lastAnswers = remembered;
      this.windows = theWindows;
      return this;
    }

    /** Needed when the fallback settings hedge; outlives a change of settings. */
    public Builder hedging(Hedging value) {
      this.hedging = value;
      return this;
    }

    /**
     * @param theLimiter of all calls; outlives a change of settings. Null: nobody is limited
     * @param maxWaitNanos how long a call waits for its turn
     */
    public Builder limits(Limiter theLimiter, long maxWaitNanos) {
      this.limiter = theLimiter;
      this.limitWaitNanos = maxWaitNanos;
      return this;
    }

    /**
     * @param theLedger of all calls; outlives a change of settings
     */
    public Builder budgets(BudgetSettings settings, Ledger theLedger, CostBounds bounds) {
      this.budgets = settings;
      this.ledger = theLedger;
      this.costBounds = bounds;
      return this;
    }

    /** What one call may be at most. */
    public Builder requestLimits(RequestLimits limits, CostBounds bounds) {
      this.requestLimits = limits;
      this.costBounds = bounds;
      return this;
    }

    /**
     * Where it is told that calls are refused; outlives a change of settings. Nowhere by default.
     */
    public Builder refusals(RefusalNotices value) {
      this.refusals = value;
      return this;
    }

    public Builder streamRecovery(StreamRecovery value) {
      this.streamRecovery = value;
      return this;
    }

    /** Whether streams are asked to report usage where the application did not ask. */
    public Builder asksForUsage(boolean value) {
      this.asksForUsage = value;
      return this;
    }

    /** How long the application waits for another answer to go on with a broken stream. */
    public Builder joinNanos(long value) {
      this.joinNanos = value;
      return this;
    }

    public Policies build() {
      return new Policies(this);
    }
  }
}
