package io.flyball.javaagent;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.Capabilities;
import io.flyball.engine.anomaly.Throttle;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.BudgetAlert;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.House;
import io.flyball.engine.capability.Neighbours;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.config.AnomalyConfig;
import io.flyball.engine.config.BudgetConfig;
import io.flyball.engine.config.FallbackConfig;
import io.flyball.engine.config.FallbackStep;
import io.flyball.engine.config.HedgeConfig;
import io.flyball.engine.config.LimitConfig;
import io.flyball.engine.config.RequestConfig;
import io.flyball.engine.config.RetryConfig;
import io.flyball.engine.config.StreamConfig;
import io.flyball.engine.config.TargetConfig;
import io.flyball.engine.config.TargetSettings;
import io.flyball.engine.config.TimeoutConfig;
import io.flyball.engine.fallback.ContextWindows;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.HedgeSettings;
import io.flyball.engine.fallback.Hedging;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.Hint;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.request.RequestLimits;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.telemetry.ClientMetrics;
import io.flyball.engine.telemetry.FleetMetrics;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.engine.telemetry.PolicyMetrics;
import io.flyball.engine.time.Timer;
import io.flyball.settings.Secret;
import io.flyball.settings.Settings;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Says to the policies what the user configured, and keeps what outlives a change of it. */
final class PolicyConfiguration {
  private static final long LAST_ANSWERS_BYTES = 16L << 20;
  private static final long COUNTING_IDLE_SECONDS = 5;

  private final RetryBudget retryBudget;
  private final Capabilities capabilities;
  private final LastAnswers lastAnswers = new LastAnswers(LAST_ANSWERS_BYTES);
  private final Hedging hedging;
  private final Limiter limiter;
  private final Ledger ledger;
  private final Throttle throttle;
  private final Fleet fleet;
  private final Pricing pricing;
  private final RefusalNotices refusals;
  private final Executor counting = counting();

  /**
   * @param alerts told where an account passes a mark of its budget
   */
  PolicyConfiguration(
      TimeSource time,
      Timer timer,
      AccountStore accounts,
      Fleet fleet,
      Throttle throttle,
      Pricing pricing,
      Consumer<BudgetAlert> alerts,
      Log log,
      InternalErrors errors) {
    this.refusals = new RefusalNotices(log::warn, time);
    this.retryBudget = new RetryBudget(time);
    this.capabilities =
        Capabilities.install(new House(time, timer, log, errors, neighbours(fleet)));
    this.hedging = new Hedging(time);
    this.limiter = new Limiter(time, timer, fleet);
    this.ledger = new Ledger(accounts, alerts, fleet, time, log::warn);
    this.fleet = fleet;
    if (fleet != null) {
      fleet.attach(Arrays.asList(ledger, limiter));
    }
    this.throttle = throttle;
    this.pricing = pricing;
  }

  /** For calls that are nobody's: shares nothing, keeps nothing and tells nobody. */
  static PolicyConfiguration unheard(Timer timer, Pricing pricing, InternalErrors errors) {
    return new PolicyConfiguration(
        TimeSource.SYSTEM,
        timer,
        AccountStore.MEMORY,
        null,
        null,
        pricing,
        alert -> {},
        Log.to(Level.OFF, line -> {}, Clock.systemUTC()),
        errors);
  }

  private static Neighbours neighbours(Fleet fleet) {
    return fleet == null
        ? Neighbours.NONE
        : new Neighbours() {
          @Override
          public void warn(String service, long millis) {
            fleet.warn(new Hint(service, millis));
          }

          @Override
          public void whenWarned(Consumer<String> listener) {
            fleet.whenWarned(listener);
          }
        };
  }

  /** Keeps the metrics there of what policies have in their memory, and of clients. */
  void show(Instruments instruments, ClientLibraries clients) {
    PolicyMetrics.show(instruments, ledger, System::currentTimeMillis);
    capabilities.measure(instruments);
    FleetMetrics.show(instruments, fleet);
    ClientMetrics.show(instruments, clients);
  }

  Capabilities capabilities() {
    return capabilities;
  }

  /** To be told of every call. */
  CallListener stored() {
    return pricing.stored();
  }

  Ledger ledger() {
    return ledger;
  }

  Limiter limiter() {
    return limiter;
  }

  Policies policies(Settings config) {
    RetryConfig retry = config.get(RetryConfig.SECTION);
    retryBudget.setShare(retry.budget());
    limiter.configure(config.get(LimitConfig.SECTION).settings());
    return Policies.builder()
        .throttle(config.get(AnomalyConfig.SECTION).throttles() ? throttle : null)
        .timeouts(timeouts(config.get(TimeoutConfig.SECTION)))
        .retry(
            settings(retry, config.get(LimitConfig.SECTION).maxWait()),
            new Backoff(retry.baseDelay().toNanos(), retry.maxDelay().toNanos()),
            retryBudget)
        .suppressSdkRetries(retry.suppressSdk())
        .stages(capabilities.apply(config))
        .fallback(fallback(config), lastAnswers, windows())
        .hedging(hedging)
        .limits(limiter, config.get(LimitConfig.SECTION).maxWait().toNanos())
        .budgets(budgets(config), ledger, costBounds())
        .requestLimits(requestLimits(config), costBounds())
        .refusals(refusals)
        .streamRecovery(config.get(StreamConfig.SECTION).recovery())
        .asksForUsage(config.get(StreamConfig.SECTION).asksForUsage())
        .joinNanos(config.get(StreamConfig.SECTION).joinWithin().toNanos())
        .build();
  }

  private static BudgetSettings budgets(Settings config) {
    return new BudgetSettings(
        config.get(BudgetConfig.SECTION).all(),
        config.get(BudgetConfig.SECTION).admitsUnpriced(),
        config.get(LimitConfig.SECTION).maxWait().toNanos());
  }

  private static RequestLimits requestLimits(Settings config) {
    String target = config.get(RequestConfig.SECTION).routeTo();
    TargetSettings route =
        target == null ? null : config.get(TargetConfig.SECTION).byName().get(target);
    return config
        .get(RequestConfig.SECTION)
        .limits(
            config.get(BudgetConfig.SECTION).admitsUnpriced(),
            route == null ? 0 : route.contextWindow().orElse(0));
  }

  private CostBounds costBounds() {
    return new CostBounds(
        (provider, host, model) -> pricing.catalogue().priceOf(provider, host, model),
        (provider, host, model) -> {
          Long longest = pricing.catalogue().limitsOf(provider, host, model).maxOutputTokens();
          return longest == null ? 0 : longest;
        },
        pricing::window,
        (body, model) -> pricing.inputTokens().atMost(body, model),
        pricing.stored(),
        counting);
  }

  /** Threads that come when something is counted and go when nothing is. */
  private static Executor counting() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            COUNTING_IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> DetachedThread.create("flyball-counting", work));
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }

  private static TimeoutSettings timeouts(TimeoutConfig config) {
    long idle = nanos(config.idle());
    long call = nanos(config.call());
    TimeoutSettings asked =
        new TimeoutSettings(
            nanos(config.firstToken()),
            nanos(config.response()),
            config.isIdleSet() ? idle : TimeoutSettings.NONE,
            config.isCallSet() ? call : TimeoutSettings.NONE);
    return asked
        .withSilence(config.isIdleSet() ? TimeoutSettings.NONE : idle)
        .withBegin(config.isCallSet() ? TimeoutSettings.NONE : call);
  }

  private static long nanos(Duration limit) {
    return limit == null ? TimeoutSettings.NONE : limit.toNanos();
  }

  private static RetrySettings settings(RetryConfig config, Duration maxWait) {
    RetrySettings settings =
        RetrySettings.usual(config.maxAttempts()).withTimeBeforeNext(maxWait.toNanos());
    settings = config.isMaxAttemptsSet() ? settings.withAttempts(config.maxAttempts()) : settings;
    settings = config.maxTime() == null ? settings : settings.withTime(config.maxTime().toNanos());
    return config.isBudgetSet() ? settings.withBudget() : settings;
  }

  private static FallbackSettings fallback(Settings config) {
    Map<String, Target> targets = new LinkedHashMap<>();
    for (TargetSettings each : config.get(TargetConfig.SECTION).byName().values()) {
      targets.put(each.name(), target(each));
    }
    List<FallbackSettings.Link> chain = new ArrayList<>();
    for (FallbackStep step : config.get(FallbackConfig.SECTION).chain()) {
      chain.add(link(step, targets));
    }
    HedgeConfig hedge = config.get(HedgeConfig.SECTION);
    return new FallbackSettings(
        chain,
        targets.values(),
        config.get(FallbackConfig.SECTION).on(),
        hedge.enabled()
            ? new HedgeSettings(
                hedge.percentile(), hedge.minDelay().toNanos(), hedge.maxDelay().toNanos())
            : null);
  }

  private static FallbackSettings.Link link(FallbackStep step, Map<String, Target> targets) {
    switch (step.kind()) {
      case CACHE:
        return FallbackSettings.Link.lastAnswer();
      case STATIC:
        return FallbackSettings.Link.text(step.text());
      default:
        return FallbackSettings.Link.to(targets.get(step.target()));
    }
  }

  private static Target target(TargetSettings settings) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, Secret> header : settings.headers().entrySet()) {
      headers.put(header.getKey(), header.getValue().reveal());
    }
    return new Target(
        settings.name(),
        settings.url(),
        settings.protocol(),
        settings.model(),
        settings.apiKey() == null ? null : settings.apiKey().reveal(),
        settings.contextWindow().orElse(0),
        settings.maxOutput().orElse(0),
        headers);
  }

  private ContextWindows windows() {
    return pricing::window;
  }
}
