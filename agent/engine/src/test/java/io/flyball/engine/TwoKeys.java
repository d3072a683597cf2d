package io.flyball.engine;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.breaker.BreakerSettings;
import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.capability.Place;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * One engine with the policies that hold by default, on a manual clock; a provider that answers
 * each key by a script of its own, and well when that is over.
 */
final class TwoKeys implements Transport {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long STEP_MILLIS = 50;

  /** Never over at the very moment at which something else is. */
  private static final long MOST_WAIT = 10 * SECOND - 7_000_000;

  /** Longer than any call takes. */
  private static final int MOST_STEPS = 20_000;

  /** What a provider does once. Immutable. */
  static final class Behaviour {
    final int status;
    final String body;
    final String retryAfter;

    /**
     * @param status 0: the connection breaks
     * @param retryAfter null when it does not say
     */
    Behaviour(int status, String body, String retryAfter) {
      this.status = status;
      this.body = body;
      this.retryAfter = retryAfter;
    }

    @Override
    public String toString() {
      return status + (retryAfter == null ? "" : " after " + retryAfter) + ' ' + body;
    }
  }

  final ManualTime clock = new ManualTime();
  final CircuitBreakers breakers = new CircuitBreakers(clock);
  final Limiter limiter = new Limiter(clock, clock);
  final ReportedErrors errors = new ReportedErrors();
  final List<WireRequest> sent = new ArrayList<>();
  private final Map<String, Deque<Behaviour>> scripts = new HashMap<>();
  private final Engine engine;

  TwoKeys(boolean backup) {
    this(backup, false);
  }

  /**
   * @param backup whether there is a chain with a target that is well
   * @param strict whether open breakers and provider's limits keep back what nobody else answers
   */
  TwoKeys(boolean backup, boolean strict) {
    if (strict) {
      breakers.configure(
          new BreakerSettings(0.5, null, 60 * SECOND, 10, 60 * SECOND, 15 * SECOND)
              .alwaysRefusing(true));
    }
    limiter.configure(
        new LimitSettings(
            Collections.<LimitScope, Limits>emptyMap(),
            Collections.<String, Limits>emptyMap(),
            true,
            true,
            strict));
    Policies.Builder policies =
        Policies.builder()
            .timeouts(new TimeoutSettings(60 * SECOND, 60 * SECOND, 60 * SECOND, 120 * SECOND))
            .retry(
                RetrySettings.usual(3).withTimeBeforeNext(MOST_WAIT),
                new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
                new RetryBudget(clock))
            .suppressSdkRetries(true)
            .stage(Place.BREAKER, new BreakerStage(breakers, clock))
            .limits(limiter, MOST_WAIT)
            .streamRecovery(StreamRecovery.SPLICE);
    if (backup) {
      Target target =
          new Target(
              "backup",
              URI.create("https://backup.example/v1"),
              "openai",
              "m",
              "backup-key",
              0,
              0,
              Collections.<String, String>emptyMap());
      policies.fallback(
          new FallbackSettings(
              Collections.singletonList(Link.to(target)),
              Collections.<Target>emptyList(),
              EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)),
              null),
          new LastAnswers(1 << 20),
          (provider, host, model) -> 0);
    }
    engine =
        Engine.builder(
                EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
                    .policies(policies.build())
                    .build(),
                record -> {},
                errors)
            .time(clock)
            .timer(clock)
            .build();
  }

  /** What the next attempts with that key get. */
  TwoKeys script(String key, Behaviour... behaviours) {
    Deque<Behaviour> script = scripts.computeIfAbsent(key, each -> new ArrayDeque<>());
    Collections.addAll(script, behaviours);
    return this;
  }

  void forgetScript(String key) {
    scripts.remove(key);
  }

  CompletableFuture<WireResponse> ask(String key) {
    return engine
        .open(
            new WireRequest(
                "POST",
                URI.create("https://api.openai.com/v1/chat/completions"),
                Headers.of("Content-Type", "application/json", "Authorization", "Bearer " + key),
                ("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
                    .getBytes(StandardCharsets.UTF_8)))
        .executeAsync(this, Runnable::run)
        .toCompletableFuture();
  }

  /** How a call ends: everything its caller can see, and what the provider sees of it. */
  String outcome(String key) {
    int before = sentWith(key);
    long began = clock.nanoTime();
    CompletableFuture<WireResponse> call = ask(key);
    for (int i = 0; i < MOST_STEPS && !call.isDone(); i++) {
      clock.advanceMillis(STEP_MILLIS);
    }
    long millis = TimeUnit.NANOSECONDS.toMillis(clock.nanoTime() - began);
    return describe(call) + " in " + millis + " ms, sent " + (sentWith(key) - before);
  }

  static String describe(CompletableFuture<WireResponse> call) {
    if (!call.isDone()) {
      return "still waits";
    }
    try {
      WireResponse answer = call.join();
      return answer.status()
          + " "
          + ReliabilityHarness.text(answer)
          + " retry="
          + answer.headers().first("x-should-retry")
          + " by "
          + answer.headers().first("x-flyball-target");
    } catch (CompletionException failed) {
      return failed.getCause().toString();
    } catch (IOException unreadable) {
      return unreadable.toString();
    }
  }

  int sentWith(String key) {
    int count = 0;
    for (WireRequest request : sent) {
      count += keyOf(request).equals(key) ? 1 : 0;
    }
    return count;
  }

  private static String keyOf(WireRequest request) {
    return request.headers().first("Authorization").substring("Bearer ".length());
  }

  @Override
  public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
    sent.add(request);
    Deque<Behaviour> script = scripts.get(keyOf(request));
    Behaviour next = script == null ? null : script.poll();
    CompletableFuture<WireResponse> result = new CompletableFuture<>();
    if (next == null) {
      next = new Behaviour(200, ReliabilityHarness.OK, null);
    }
    if (next.status == 0) {
      result.completeExceptionally(new ConnectException("Connection refused"));
      return result;
    }
    Headers.Builder headers = Headers.builder().add("Content-Type", "application/json");
    if (next.retryAfter != null) {
      headers.add("Retry-After", next.retryAfter);
    }
    result.complete(
        WireResponse.received(
            next.status,
            headers.build(),
            Bodies.of(next.body.getBytes(StandardCharsets.UTF_8)),
            new Object()));
    return result;
  }
}
