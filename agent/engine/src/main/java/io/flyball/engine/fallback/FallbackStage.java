package io.flyball.engine.fallback;

import io.flyball.base.InternalErrors;
import io.flyball.engine.Recogniser;
import io.flyball.engine.attempt.Refused;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.conversation.UntranslatableException;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.sdk.RefusalKind;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * Asks the next one in the chain when a target cannot answer. When nobody can, the application gets
 * the error of its own endpoint.
 */
public final class FallbackStage implements Stage {
  /** The application's own endpoint. */
  private static final int OWN = -2;

  /** What stands in no chain; after it comes the first link. */
  private static final int BEFORE_FIRST = -1;

  /** Why another one answers when the call is more than a policy lets its own endpoint have. */
  private static final String REQUEST_LIMIT = "request-limit";

  private final FallbackSettings settings;
  private final boolean remembers;
  private final TargetCalls targetCalls;
  private final LastAnswers lastAnswers;
  private final ContextWindows windows;
  private final Hedging hedging;
  private final InternalErrors errors;

  /**
   * @param remembers whether somebody asks for last good answers
   * @param lastAnswers where good answers are remembered; needed when the chain asks for them
   * @param hedging needed when the settings hedge
   */
  public FallbackStage(
      FallbackSettings settings,
      Recogniser recogniser,
      boolean remembers,
      LastAnswers lastAnswers,
      ContextWindows windows,
      Hedging hedging,
      InternalErrors errors) {
    this.settings = settings;
    this.remembers = remembers;
    this.targetCalls = new TargetCalls(recogniser);
    this.lastAnswers = lastAnswers;
    this.windows = windows;
    this.hedging = hedging;
    this.errors = errors;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    Course course = new Course(call, next);
    FailureKind brokeOff = call.avoided().get(call.destination());
    if (brokeOff != null) {
      return course.passOver(
          Refused.answer(
              call,
              RefusalKind.TIMEOUT,
              "the answer of " + call.destination() + " broke off in this call"),
          Verdict.of(brokeOff));
    }
    return Completions.then(
        course.askApplicationsOwn(),
        (response, failure) -> course.judge(response, failure, call, OWN));
  }

  /** Whether somebody else would be asked for a call that failed so at its destination. */
  public boolean hasNext(ModelCall call, Verdict verdict) {
    FallbackReason reason = FallbackReason.of(verdict);
    if (reason == null || (call.target() == null && !settings.isOn(reason))) {
      return false;
    }
    List<FallbackSettings.Link> chain = settings.chain();
    int after = -1;
    for (int i = 0; i < chain.size() && call.target() != null; i++) {
      Target target = chain.get(i).target;
      after = target != null && target.name().equals(call.target()) ? i : after;
    }
    for (int i = after + 1; i < chain.size(); i++) {
      FallbackSettings.Link link = chain.get(i);
      boolean can =
          link.target == null
              ? link.text != null || lastAnswers.find(call) != null
              : !call.avoided().containsKey(link.target.name()) && canBeCarried(call, link.target);
      if (can) {
        return true;
      }
    }
    return false;
  }

  private boolean canBeCarried(ModelCall call, Target target) {
    try {
      return call.target() != null || targetCalls.to(target, call) != null;
    } catch (UntranslatableException no) {
      return false;
    }
  }

  /** One call on its way along the chain. */
  private final class Course {
    private final ModelCall call;
    private final Next next;

    /** What the application's own endpoint said; given up for an answer of somebody else. */
    private WireResponse original;

    private Throwable originalFailure;
    private Verdict originalVerdict;
    private boolean askedAfterAll;

    /** The target whose answer came before that of the application's own endpoint. */
    private volatile String hedgedTo;

    Course(ModelCall call, Next next) {
      this.call = call;
      this.next = next;
    }

    CompletionStage<WireResponse> askApplicationsOwn() {
      ModelCall own = call.withOthers(!settings.chain().isEmpty());
      return settings.hedge() == null
          ? next.proceed(own)
          : hedging.race(
              own, next, settings.hedge(), this::askBeside, () -> hedgedTo = journal().hedgedTo());
    }

    private CallJournal journal() {
      return call.context().journal();
    }

    /** Null when there is no target to ask beside the application's own endpoint. */
    private CompletionStage<WireResponse> askBeside(ModelCall beside) {
      for (FallbackSettings.Link link : settings.chain()) {
        if (link.target == null || beside.avoided().containsKey(link.target.name())) {
          continue;
        }
        try {
          ModelCall asked = targetCalls.to(link.target, beside);
          if (asked == null) {
            continue;
          }
          ModelCall there = asked.withOthers(true);
          journal().hedged(there.destination());
          return Completions.then(
              next.proceed(there),
              (response, failure) ->
                  failure != null || !Verdict.of(response).isAnswered()
                      ? outcome(response, failure)
                      : TargetAnswers.translated(response, there));
        } catch (UntranslatableException no) {
          journal().notCarried(link.target.name(), no.reason());
        }
      }
      return null;
    }

    private CompletionStage<WireResponse> outcome(WireResponse response, Throwable failure) {
      return failure == null ? Completions.completed(response) : Completions.failed(failure);
    }

    /**
     * What becomes of one outcome.
     *
     * @param asked the call as it went there
     * @param index of the link it came from; {@link #OWN} for the application's own endpoint
     */
    CompletionStage<WireResponse> judge(
        WireResponse response, Throwable failure, ModelCall asked, int index) {
      Verdict verdict =
          failure == null
              ? Verdict.of(response)
              : Verdict.of(failure, call.context().cancellation().isCancelled());
      if (verdict.isAnswered()
          && index == OWN
          && settings.isOn(FallbackReason.CONTENT_FILTER)
          && isFiltered(response)) {
        verdict = Verdict.of(FailureKind.CONTENT_FILTER);
      }
      if (verdict.isAnswered()) {
        return answered(response, asked, index);
      }
      if (index == OWN) {
        original = response;
        originalFailure = failure;
        originalVerdict = verdict;
        String instead =
            response != null && response.body() instanceof Refused
                ? ((Refused) response.body()).instead()
                : null;
        if (instead != null) {
          return tryInstead(instead);
        }
        FallbackReason reason = FallbackReason.of(verdict);
        if (reason == null || !settings.isOn(reason)) {
          return asItWas();
        }
      } else if (response != null) {
        response.body().close();
      }
      boolean over =
          verdict.isCancelled()
              || (index == BEFORE_FIRST && verdict.refusal() == RefusalKind.PROMPT_TOO_LARGE);
      return over ? asItWas() : tryAfter(index);
    }

    /**
     * The application's own endpoint is not asked.
     *
     * @param instead what is answered when nobody else does
     * @param why what became of the answer that it has given
     */
    CompletionStage<WireResponse> passOver(WireResponse instead, Verdict why) {
      original = instead;
      originalVerdict = why;
      FallbackReason reason = FallbackReason.of(why);
      return reason == null || !settings.isOn(reason) ? asItWas() : tryAfter(OWN);
    }

    /** Of a plain answer; what a stream ends with is not known when it begins. */
    private boolean isFiltered(WireResponse response) {
      AnswerMeter meter =
          response.body() instanceof ObservedBody
              ? ((ObservedBody) response.body()).answer()
              : null;
      return meter != null && !meter.stream() && meter.factsSoFar().isFiltered();
    }

    private CompletionStage<WireResponse> answered(
        WireResponse response, ModelCall asked, int index) {
      CompletionStage<WireResponse> translated;
      try {
        translated =
            asked.target() == null
                ? Completions.completed(response)
                : TargetAnswers.translated(response, asked);
      } catch (RuntimeException broken) {
        errors.report("translation", broken);
        response.body().close();
        return tryAfter(index);
      }
      return Completions.then(
          translated,
          (answer, failure) -> {
            if (failure != null || answer == null) {
              return tryAfter(index);
            }
            if (index != OWN) {
              takeOver(asked.destination());
            }
            journal().answeredBy(hedgedTo == null ? asked.destination() : hedgedTo);
            return Completions.completed(
                remembers ? lastAnswers.remembering(answer, call) : answer);
          });
    }

    private void takeOver(String by) {
      FallbackReason reason = FallbackReason.of(originalVerdict);
      String word = reason == null ? REQUEST_LIMIT : reason.word();
      journal().fellBack(call.destination(), by, word);
      if (original != null) {
        original.body().close();
      }
    }

    private CompletionStage<WireResponse> tryAfter(int index) {
      return tryFrom(Math.max(0, index + 1));
    }

    private CompletionStage<WireResponse> tryFrom(int index) {
      List<FallbackSettings.Link> chain = settings.chain();
      for (int i = index; i < chain.size(); i++) {
        FallbackSettings.Link link = chain.get(i);
        if (link.target == null) {
          WireResponse made =
              link.text == null ? lastAnswers.find(call) : MadeAnswers.of(call, link.text);
          if (made != null) {
            takeOver(link.text == null ? "cache" : "static");
            return Completions.completed(made);
          }
          continue;
        }
        ModelCall asked = call.context().nanosLeft() <= 0 ? null : callTo(link.target);
        if (asked != null) {
          ModelCall there = asked.withOthers(true);
          int at = i;
          return Completions.then(
              next.proceed(there), (response, failure) -> judge(response, failure, there, at));
        }
      }
      return asItWas();
    }

    /** What the policy that said no offers; then the chain. */
    private CompletionStage<WireResponse> tryInstead(String instead) {
      if (instead.equals(Refused.LAST_ANSWER)) {
        WireResponse last = lastAnswers.find(call);
        if (last == null) {
          return withoutThat();
        }
        takeOver("cache");
        return Completions.completed(last);
      }
      Target target = settings.target(instead);
      ModelCall asked = target == null ? null : callTo(target);
      if (asked == null) {
        return withoutThat();
      }
      ModelCall there = asked.withOthers(!settings.chain().isEmpty());
      return Completions.then(
          next.proceed(there),
          (response, failure) -> judge(response, failure, there, BEFORE_FIRST));
    }

    /** The policy's offer cannot be had. */
    private CompletionStage<WireResponse> withoutThat() {
      FallbackReason reason = FallbackReason.of(originalVerdict);
      return reason != null && settings.isOn(reason) ? tryFrom(0) : asItWas();
    }

    /** Null when the target is not to be asked. */
    private ModelCall callTo(Target target) {
      if (call.avoided().containsKey(target.name())) {
        return null;
      }
      try {
        ModelCall there = targetCalls.to(target, call);
        if (there == null) {
          journal().notCarried(target.name(), "it would be no model call there");
          return null;
        }
        boolean outgrown =
            FallbackReason.of(originalVerdict) == FallbackReason.CONTEXT_WINDOW
                && !isLarger(target, there);
        return outgrown ? null : there;
      } catch (UntranslatableException no) {
        journal().notCarried(target.name(), no.reason());
        return null;
      }
    }

    /** Whether a request that was too long for the application's model may fit there. */
    private boolean isLarger(Target target, ModelCall there) {
      RequestFacts from = call.facts();
      long had = windows.of(from.provider(), call.request().host(), from.model());
      long has =
          target.contextWindow() > 0
              ? target.contextWindow()
              : windows.of(there.facts().provider(), there.request().host(), there.facts().model());
      if (had > 0 && has > 0) {
        return has > had;
      }
      // Unknown sizes: the user put it into the chain; only the very same model is no larger.
      return !String.valueOf(from.model()).equals(there.facts().model());
    }

    private CompletionStage<WireResponse> asItWas() {
      boolean foreseen =
          original != null
              && original.body() instanceof Refused
              && ((Refused) original.body()).isForeseen()
              && !askedAfterAll
              && call.context().nanosLeft() > 0;
      if (!foreseen) {
        return outcome(original, originalFailure);
      }
      // Nobody else answers: then the application's own endpoint may have its say.
      askedAfterAll = true;
      original.body().close();
      return Completions.then(
          next.proceed(call.withOthers(false)),
          (response, failure) ->
              failure == null && Verdict.of(response).isAnswered()
                  ? answered(response, call, OWN)
                  : outcome(response, failure));
    }
  }
}
