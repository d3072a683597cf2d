package io.flyball.engine.limit;

import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.json.Counts;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * Lets a call, or an attempt at one target, pass when its limits allow; it waits for its turn as
 * long as the user lets it.
 */
public final class LimitStage implements Stage {
  private static final int BYTES_PER_TOKEN = 4;
  private static final long USUAL_OUTPUT = 500;

  /** What is let through. */
  private enum Unit {
    /** A whole call: what all together, a tenant, a feature, a user may. */
    CALL,
    /** An attempt: what one target takes. */
    ATTEMPT
  }

  private final Unit unit;
  private final Limiter limiter;
  private final long maxWaitNanos;
  private final RefusalNotices notices;

  private LimitStage(Unit unit, Limiter limiter, long maxWaitNanos, RefusalNotices notices) {
    this.notices = notices;
    this.unit = unit;
    this.limiter = limiter;
    this.maxWaitNanos = maxWaitNanos;
  }

  /** Stands around everything that is done with a call. */
  public static LimitStage ofCalls(Limiter limiter, long maxWaitNanos, RefusalNotices notices) {
    return new LimitStage(Unit.CALL, limiter, maxWaitNanos, notices);
  }

  /** Stands around each attempt. */
  public static LimitStage ofAttempts(Limiter limiter, long maxWaitNanos, RefusalNotices notices) {
    return new LimitStage(Unit.ATTEMPT, limiter, maxWaitNanos, notices);
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    CallContext context = call.context();
    return Completions.then(
        limiter.acquire(
            request(call),
            Math.min(maxWaitNanos, context.nanosLeft()),
            context.cancellation(),
            context.executor()),
        (admission, cancelled) -> {
          if (cancelled != null) {
            return Completions.failed(cancelled);
          }
          if (admission.waitedNanos() > 0) {
            context.journal().waitedForLimit(admission.waitedNanos());
          }
          return admission.isGranted()
              ? pass(call, admission.lease(), next)
              : Completions.completed(refusal(call, admission));
        });
  }

  private LimitRequest request(ModelCall call) {
    long tokens = limiter.countsTokens() ? probableTokens(call) : 0;
    if (unit == Unit.CALL) {
      return LimitRequest.ofCall(call.attribution(), tokens);
    }
    boolean heeds = limiter.heedsProviders(call.othersMayAnswer());
    return LimitRequest.ofAttempt(call.destination(), heeds ? call.service().key() : null, tokens);
  }

  private static long probableInput(ModelCall call) {
    return call.request().body().length / BYTES_PER_TOKEN;
  }

  private static long probableTokens(ModelCall call) {
    RequestFacts facts = call.facts();
    long input = probableInput(call);
    if (facts.operation() == Operation.EMBEDDINGS) {
      return input;
    }
    return input + (facts.maxOutputTokens() == null ? USUAL_OUTPUT : facts.maxOutputTokens());
  }

  private CompletionStage<WireResponse> pass(ModelCall call, Lease lease, Next next) {
    call.context().journal().whenEnded(lease::release);
    Used used = new Used(lease, probableInput(call), limiter.countsTokens(), 0);
    if (unit == Unit.CALL) {
      call.context().journal().settledBy(used);
      return next.proceed(call);
    }
    return Completions.then(
        next.proceed(call.withSettlement(used)),
        (response, failure) -> {
          heed(
              lease,
              failure == null
                  ? Verdict.of(response)
                  : Verdict.of(failure, call.context().cancellation().isCancelled()),
              ObservedBody.contentSeen(response));
          return failure == null ? Completions.completed(response) : Completions.failed(failure);
        });
  }

  private static void heed(Lease lease, Verdict verdict, boolean content) {
    if (verdict.isAnswered()) {
      return;
    }
    if (verdict.failure() != null && !content) {
      // Its tokens go back before the next attempt asks for its own.
      lease.settle(0);
    }
    if (verdict.failure() == FailureKind.RATE_LIMIT) {
      lease.tooMuch(verdict.retryAfterNanos());
    }
    if (verdict.refusal() != null && !verdict.isSilent()) {
      lease.giveBack();
    } else {
      lease.release();
    }
  }

  private WireResponse refusal(ModelCall call, Admission admission) {
    Refusal refusal = admission.refusal();
    String whose =
        refusal.scope() == LimitScope.TARGET
            ? call.destination()
            : refusal.scope().name().toLowerCase(Locale.ROOT);
    String message =
        "the limit of "
            + refusal.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ')
            + " ("
            + whose
            + named(refusal)
            + ") is reached, and no turn came in time";
    String kind = "limit " + refusal.kind() + ' ' + whose;
    notices.inMinute(
        kind,
        () ->
            "a call is refused: "
                + message
                + (named(refusal).isEmpty()
                    ? ""
                    : "; raise it, or let calls wait longer with flyball.limit.max-wait")
                + " (told once in a minute)");
    return refusal.kind() == LimitKind.PROVIDER && !limiter.heedsProviders(false)
        ? Refused.foreseen(call, RefusalKind.RATE_LIMITED, message)
        : Refused.answer(call, RefusalKind.RATE_LIMITED, message);
  }

  /** The property that says it; nothing for what a provider says. */
  private static String named(Refusal refusal) {
    String scope =
        refusal.scope() == LimitScope.GLOBAL
            ? ""
            : refusal.scope().name().toLowerCase(Locale.ROOT) + '.';
    switch (refusal.kind()) {
      case CONCURRENCY:
        return ", flyball.limit." + scope + "concurrency";
      case REQUESTS:
        return ", flyball.limit." + scope + "rpm";
      case TOKENS:
        return ", flyball.limit." + scope + "tpm";
      default:
        return "";
    }
  }

  /** Told by the accounting how many tokens there really were. */
  private static final class Used implements Settlement {
    private final Lease lease;
    private final long probableInput;
    private final boolean countsTokens;

    /** Of attempts in whose place this one is. */
    private final long before;

    Used(Lease lease, long probableInput, boolean countsTokens, long before) {
      this.lease = lease;
      this.probableInput = probableInput;
      this.countsTokens = countsTokens;
      this.before = before;
    }

    @Override
    public void settle(Usage usage, BigDecimal costUsd) {
      lease.settle(Counts.plus(before, usage == null ? 0 : usage.total()));
    }

    @Override
    public Settlement another(ResponseFacts said) {
      Usage told = said == null ? null : said.usage();
      long own = told == null ? probableInput : told.total();
      return new Used(lease, probableInput, countsTokens, Counts.plus(before, own));
    }

    @Override
    public boolean countsUsage() {
      return countsTokens;
    }

    @Override
    public void brokeOff(ResponseFacts said) {
      Usage reported = said.usage();
      long input = reported == null ? probableInput : reported.input();
      long output = said.outputCharacters() / BYTES_PER_TOKEN + 1;
      long used = input + (reported == null ? output : Math.max(output, reported.output()));
      lease.settle(Counts.plus(before, used));
      lease.release();
    }

    @Override
    public void forfeit() {
      lease.release();
    }
  }
}
