package io.flyball.engine;

import io.flyball.base.InternalErrors;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.Client;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AttemptMeter;
import io.flyball.engine.meter.CallMeter;
import io.flyball.engine.meter.Failures;
import io.flyball.engine.meter.OwnRefusal;
import io.flyball.engine.pipeline.Pipeline;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.retry.SdkRetries;
import io.flyball.protocol.RequestFacts;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A call through the pipeline, measured. */
final class MeteredWork implements EngineCall.Work {
  private final WireRequest request;
  private final RequestFacts facts;
  private final Snapshot now;
  private final Pipeline pipeline;
  private final CallMeter meter;
  private final GivenUpCalls givenUp;
  private final LeftCalls leftCalls;
  private final SdkLoops sdkLoops;
  private final GivenUpCalls.Attempt sdkAttempt;
  private final Supplier<CallPricing> pricing;
  private final TimeSource time;
  private final InternalErrors errors;
  private final boolean untouched;

  /** What prices this call; null as long as that is not at hand. */
  private CallPricing prices;

  /**
   * @param pipeline of the snapshot; all but its own leave the answer as it is, unless they refuse
   * @param sdkAttempt null when no retry loop that we know is around the call
   * @param pricing gives what prices calls, or null as long as it is not at hand
   */
  MeteredWork(
      WireRequest request,
      RequestFacts facts,
      Snapshot now,
      Pipeline pipeline,
      CallMeter meter,
      GivenUpCalls givenUp,
      LeftCalls leftCalls,
      SdkLoops sdkLoops,
      GivenUpCalls.Attempt sdkAttempt,
      Supplier<CallPricing> pricing,
      TimeSource time,
      InternalErrors errors) {
    this.request = request;
    this.facts = facts;
    this.now = now;
    this.meter = meter;
    this.givenUp = givenUp;
    this.leftCalls = leftCalls;
    this.sdkLoops = sdkLoops;
    this.sdkAttempt = sdkAttempt;
    this.pricing = pricing;
    this.time = time;
    this.errors = errors;
    this.untouched = pipeline == now.bypassing || now.settings.mode() == Mode.OBSERVE;
    this.pipeline = pipeline;
  }

  @Override
  public CompletionStage<WireResponse> run(EngineCall call) {
    long began = time.nanoTime();
    if (!untouched) {
      prices = prices();
    }
    ModelCall modelCall =
        new ModelCall(call.id(), request, facts, meter.attribution(), call.context());
    CompletionStage<WireResponse> outcome =
        pipeline.run(modelCall, proceeding -> attempt(call, proceeding, began));
    return Completions.then(
        outcome,
        (response, failure) -> {
          if (failure != null) {
            meter.failed(failure);
            ended(call, failure);
            return outcome;
          }
          try {
            Throwable instead = untouched ? null : SdkRetries.insteadOf(response, call.context());
            if (instead != null) {
              call.refused();
              meter.failed(instead, (OwnRefusal) response.body());
              response.body().close();
              givenUp(call, instead);
              return Completions.failed(instead);
            }
            if (!untouched) {
              answered(call, response);
            }
            return Completions.completed(
                meter.deliver(
                    untouched ? response : named(call, response), cut -> givenUp(call, cut)));
          } catch (Throwable internal) {
            failed(internal);
            errors.report("deliver", internal);
            return outcome;
          }
        });
  }

  /**
   * Whether the SDK is not to ask again after that answer. One with a good status is its to judge,
   * unless it was asked for several times because it is none: then that was done in the SDK's
   * place.
   */
  private boolean isFailure(WireResponse response) {
    return response.status() >= 400 || (meter.attempts() > 1 && !Verdict.of(response).isAnswered());
  }

  /** The client's own timeout is left to the SDK, as far as we have not asked in its place. */
  private void ended(EngineCall call, Throwable failure) {
    Throwable reason = call.cancellation().reason();
    boolean byClient =
        reason == null
            ? Failures.outcome(failure, false) == Outcome.TIMEOUT
            : Failures.outcome(reason, false) == Outcome.TIMEOUT;
    if (byClient && mayGoOn(call)) {
      leave(call);
    } else if (byClient && !untouched && now.settings.suppressSdkRetries()) {
      givenUp.failed(sdkAttempt, failure);
    } else {
      givenUp(call, failure);
    }
  }

  /** Whether the loop of the SDK has not had all of its repetitions, some of them by us. */
  private boolean mayGoOn(EngineCall call) {
    boolean some =
        call.journal().repetitions() > 0
            || (sdkAttempt == null
                ? call.context().sdkRetries() >= 0
                : sdkAttempt.repetitions() > 0);
    return !some || !call.journal().areRepetitionsUsedUp();
  }

  private void leave(EngineCall call) {
    int repetitions = call.journal().repetitions();
    int retries = call.context().sdkRetries();
    if (retries >= 0 && (repetitions > 0 || sdkAttempt == null)) {
      leftCalls.left(request, retries - repetitions, time.nanoTime());
    }
    givenUp.left(sdkAttempt, repetitions);
  }

  private void answered(EngineCall call, WireResponse response) {
    boolean failed = isFailure(response);
    if (failed && call.journal().areRetriesLeft()) {
      leave(call);
    } else {
      givenUp.answered(sdkAttempt, failed);
    }
  }

  /** What the application itself broke off was not given up by us. */
  private void givenUp(EngineCall call, Throwable failure) {
    if (untouched || !now.settings.suppressSdkRetries() || call.cancellation().isCancelled()) {
      return;
    }
    if (call.journal().areRetriesLeft()) {
      leave(call);
    } else {
      givenUp.failed(sdkAttempt, failure);
    }
  }

  /** The answer with the headers that say what Flyball did. */
  private WireResponse named(EngineCall call, WireResponse response) {
    BigDecimal cost = costBefore(response);
    Headers.Builder headers =
        response.headers().toBuilder()
            .set(OwnAnswerHeaders.CALL, meter.id())
            .set(OwnAnswerHeaders.ATTEMPTS, Integer.toString(meter.attempts()));
    String target = meter.targetOf(response);
    if (target != null) {
      headers.set(OwnAnswerHeaders.TARGET, target);
    }
    if (response.status() >= 400 && call.journal().areRetriesLeft()) {
      headers.set(OwnAnswerHeaders.RETRY, "sdk");
    }
    if (cost != null) {
      headers.set(OwnAnswerHeaders.COST, cost.stripTrailingZeros().toPlainString());
    }
    return response.withHeaders(headers.build());
  }

  /** What the call cost, when that is known before its answer is handed over; else null. */
  private BigDecimal costBefore(WireResponse response) {
    CallPricing known = prices == null ? prices() : prices;
    List<AttemptRecord> attempts = known == null ? null : meter.attemptsBefore(response);
    return attempts == null ? null : known.reportedCost(facts, attempts);
  }

  private CompletionStage<WireResponse> attempt(EngineCall call, ModelCall proceeding, long began) {
    Cancellation cancellation = proceeding.context().cancellation();
    if (cancellation.isCancelled()) {
      // Nothing goes on the wire any more, so it is no attempt.
      return Completions.failed(cancellation.reason());
    }
    AttemptMeter attempt;
    try {
      if (meter.attempts() == 0) {
        meter.addOverhead(time.nanoTime() - began);
      }
      attempt = meter.beginAttempt(proceeding);
    } catch (Throwable internal) {
      errors.report("meter", internal);
      forfeit(proceeding);
      return call.send(proceeding.request(), proceeding.context(), Sending.UNHEARD);
    }
    CompletionStage<WireResponse> sent =
        call.send(proceeding.request(), proceeding.context(), attempt);
    return Completions.then(
        sent,
        (response, failure) -> {
          if (failure != null) {
            attempt.failed(failure);
            return sent;
          }
          try {
            WireResponse received = attempt.received(response);
            return Completions.completed(
                untouched
                    ? received
                    : received.withHeaders(OwnAnswerHeaders.notOfOthers(received.headers())));
          } catch (Throwable internal) {
            forfeit(proceeding);
            errors.report("meter", internal);
            return sent;
          }
        });
  }

  /** It is on the wire, and nobody will say what it did cost. */
  private static void forfeit(ModelCall unmetered) {
    if (unmetered.settlement() != null) {
      unmetered.settlement().forfeit();
    }
  }

  /** Null as long as they are not at hand; asking has them fetched. */
  private CallPricing prices() {
    try {
      return pricing.get();
    } catch (Throwable failure) {
      errors.report("prices", failure);
      return null;
    }
  }

  @Override
  public WireRequest untouched() {
    return untouched ? request : request.withHeaders(request.headers().withoutFlyballs());
  }

  @Override
  public boolean maySendUntouched() {
    return pipeline == now.bypassing || !now.settings.mustRead();
  }

  @Override
  public void failed(Throwable failure) {
    try {
      meter.failed(failure);
    } catch (Throwable internal) {
      errors.report("meter", internal);
    }
  }

  @Override
  public Client client() {
    Client client = sdkLoops.client(request, sdkAttempt);
    return now.settings.suppressSdkRetries() ? client : new Client(client.sdk(), false);
  }

  @Override
  public void cancelled() {
    meter.cancelled();
  }
}
