package io.flyball.engine.pipeline;

import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.Failures;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.UnseenWork;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.failure.AddedField;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.provider.Providers;
import io.flyball.wire.Completions;
import io.flyball.wire.WireResponse;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;

/** One attempt that asks for usage: what its answer shows, and what is done about it. */
final class UsageAttempt {
  private static final int LONGEST_NAME = 100;

  /** Who thought for longer before a failure of his own will not be asked to do so once more. */
  private static final long SOON_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** By how much usage may delay the end of a stream; an application hardly notices that once. */
  private static final long LATE_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

  private final UsageTakers takers;
  private final TimeSource time;
  private final String endpoint;
  private final String kind;
  private final ModelCall call;
  private final Stage.Next next;
  private final long began;
  private final UsageProbation probation;

  /**
   * @param call the application's own
   * @param kind what is learnt of, see {@link UsageTakers}
   */
  UsageAttempt(
      UsageTakers takers,
      TimeSource time,
      String endpoint,
      String kind,
      ModelCall call,
      Stage.Next next) {
    this.takers = takers;
    this.time = time;
    this.endpoint = endpoint;
    this.kind = kind;
    this.call = call;
    this.next = next;
    this.began = time.nanoTime();
    this.probation = new UsageProbation(takers, endpoint, kind, isOfProvider());
  }

  /**
   * Whether it may be made.
   *
   * @param counted whether somebody wants to know what each call did cost
   */
  boolean mayBegin(boolean counted) {
    return probation.begins(counted);
  }

  /** What the application gets for that answer to the request that asks, or that failure. */
  CompletionStage<WireResponse> judge(WireResponse response, Throwable failure) {
    boolean begun = failure == null && response.origin() != null;
    if (begun && response.status() < 300 && Verdict.of(response).isAnswered()) {
      return Completions.completed(watched(response));
    }
    probation.endsWithoutProof();
    if (failure != null) {
      return brokeOff(Completions.failed(failure), failure);
    }
    return begun ? judge(response) : Completions.completed(response);
  }

  private CompletionStage<WireResponse> judge(WireResponse response) {
    return Completions.then(
        CommitGate.await(response),
        (beginning, none) -> {
          WireResponse asItCame = beginning.response();
          if (asItCame.status() >= 300) {
            return refusal(asItCame);
          }
          switch (beginning.kind()) {
            case ERROR_EVENT:
              return errorEvent(asItCame);
            case CUT:
              return beginning.failure() != null || isStreamWithoutContent(asItCame)
                  ? brokeOff(Completions.completed(asItCame), beginning.failure())
                  : noRefusal(asItCame);
            default:
              return Completions.completed(asItCame);
          }
        });
  }

  /**
   * A server may break off because of the field after it has begun, where it would report usage:
   * only the end shows that it has taken it. Whoever asks again until then, to go on with a stream
   * that broke off, does so as the application.
   */
  private WireResponse watched(WireResponse response) {
    call.context().journal().doNotAskForUsage(endpoint);
    AnswerMeter meter = ObservedBody.answerOf(response.body());
    if (meter == null) {
      return response;
    }
    UsageDelay delay = new UsageDelay(meter, time);
    return response.withBody(
        new WatchedBody((ObservedBody) response.body(), delay, read -> learn(meter, read, delay)));
  }

  /**
   * @param read whether the answer was read to its end
   */
  private void learn(AnswerMeter meter, boolean read, UsageDelay delay) {
    if (meter.isSealed()) {
      // What it brings could not be kept from the application.
      takers.refuses(endpoint, UsageTakers.FOR_EVER);
      return;
    }
    if (delay.nanos() > LATE_NANOS) {
      takers.isDear(endpoint, UsageTakers.GUESS_NANOS);
    }
    ResponseFacts facts = meter.facts();
    Outcome outcome = meter.outcome();
    boolean understood = outcome != null && meter.isUnderstood();
    boolean known = isOfProvider();
    // Who has said all and is silent then lets those wait who read to the end.
    boolean waited = !known && outcome != Outcome.CUT;
    boolean ended = understood && (outcome == Outcome.SUCCESS || (facts.complete() && !waited));
    if (facts.events() && ended && (known || facts.usage() != null)) {
      takers.takes(endpoint, kind);
      return;
    }
    if (facts.events() && ended && !read) {
      // The application has all it wanted, which may come before usage.
      probation.showsNothing();
    } else {
      probation.endsWithoutProof();
    }
    if (!understood || outcome == Outcome.CANCELLED || takers.isTaker(kind)) {
      return;
    }
    if (!facts.events()) {
      // It may be one that streams no more because of the field; what does not stream needs none.
      takers.mayRefuse(endpoint);
    } else if (ended) {
      if (read) {
        // In vain, or it stops where it would report usage.
        takers.isInVain(kind, UsageTakers.GUESS_NANOS);
      }
    } else if (known) {
      takers.isInVain(kind, UsageTakers.DOUBT_NANOS);
    }
  }

  /** A stream without content: who finds out what it was asked when the head is out already. */
  private static boolean isStreamWithoutContent(WireResponse response) {
    String type = response.headers().first("Content-Type");
    return response.status() == 200
        && type != null
        && type.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }

  /** It may have been for that all the same: whoever asks again does so as the application. */
  private CompletionStage<WireResponse> noRefusal(WireResponse response) {
    call.context().journal().doNotAskForUsage(endpoint);
    return Completions.completed(response);
  }

  private CompletionStage<WireResponse> refusal(WireResponse response) {
    CompletionStage<WireResponse> asItCame = Completions.completed(response);
    int status = response.status();
    byte[] body = CommitGate.heldBack(response);
    AddedField about = AddedField.inAnswer(status, response.headers()::first, body);
    if (about == AddedField.NAMED) {
      return withoutAsking(asItCame, UsageTakers.FOR_EVER, null);
    }
    boolean unlikely = about == AddedField.UNLIKELY || about == AddedField.OTHER;
    if (unlikely && isOfProvider()) {
      // The words of the well-known providers mean what they say, and so do their statuses.
      return asItCame;
    }
    boolean taker = takers.isTaker(kind);
    if (about == AddedField.OTHER) {
      return taker || status < 400 ? asItCame : seldomForThat(asItCame);
    }
    boolean statusSaysMost = about == AddedField.POSSIBLE && status < 500;
    long guess = taker && status >= 500 ? UsageTakers.DOUBT_NANOS : UsageTakers.GUESS_NANOS;
    String refusal = refusalOf(response);
    return taker && takers.isKnownToBeInnocent(refusal)
        ? asItCame
        : withoutAsking(asItCame, statusSaysMost ? UsageTakers.FOR_EVER : guess, refusal);
  }

  /**
   * Filters in front of servers, and what signs a request in a way of its own, refuse what was
   * changed with statuses that mean something else nearly everywhere: a wrong key, too many
   * requests. As long as nobody has taken the field that is found out once; then they are believed.
   */
  private CompletionStage<WireResponse> seldomForThat(CompletionStage<WireResponse> asItCame) {
    if (time.nanoTime() - began <= SOON_NANOS) {
      return withoutAsking(asItCame, UsageTakers.GUESS_NANOS, null);
    }
    takers.isUnclear(kind);
    call.context().journal().doNotAskForUsage(endpoint);
    return asItCame;
  }

  private boolean isOfProvider() {
    String host = call.request().host();
    return host != null && Providers.isHostOfProvider(host);
  }

  private String refusalOf(WireResponse response) {
    String name = AddedField.nameOf(CommitGate.heldBack(response));
    boolean isName = name != null && name.length() <= LONGEST_NAME;
    return kind + ' ' + response.status() + ' ' + (isName ? name : null);
  }

  private CompletionStage<WireResponse> errorEvent(WireResponse response) {
    AnswerMeter meter = ObservedBody.answerOf(response.body());
    CompletionStage<WireResponse> asItCame = Completions.completed(response);
    if (meter == null) {
      return asItCame;
    }
    switch (AddedField.inEvent(meter.factsSoFar().errorType(), meter.factsSoFar().errorMessage())) {
      case NAMED:
        return withoutAsking(asItCame, UsageTakers.FOR_EVER, null);
      case POSSIBLE:
        return perhapsForThat(asItCame);
      default:
        return asItCame;
    }
  }

  /**
   * The attempt ended without an answer.
   *
   * @param failure null when a stream ended before any content
   */
  private CompletionStage<WireResponse> brokeOff(
      CompletionStage<WireResponse> asItCame, Throwable failure) {
    if (failure != null && isNotReached(failure)) {
      probation.showsNothing();
      return asItCame;
    }
    boolean brokeOff =
        failure == null
            || (Verdict.of(failure, false).failure() == FailureKind.CONNECTION
                && !(failure instanceof SSLException));
    return brokeOff ? perhapsForThat(asItCame) : asItCame;
  }

  private static boolean isNotReached(Throwable failure) {
    return failure instanceof ConnectException
        || failure instanceof NoRouteToHostException
        || failure instanceof UnknownHostException
        || failure instanceof SSLHandshakeException
        || (Verdict.of(failure, false).isSilent() && Failures.isOfConnecting(failure));
  }

  /** Who has taken the field before fails for another reason, most likely. */
  private CompletionStage<WireResponse> perhapsForThat(CompletionStage<WireResponse> asItCame) {
    if (!takers.isTaker(kind)) {
      return withoutAsking(asItCame, UsageTakers.GUESS_NANOS, null);
    }
    if (isTakenForAnAnswer(asItCame)) {
      // The application is never given that for its own request's answer.
      return withoutAsking(asItCame, 0, null);
    }
    call.context().journal().doNotAskForUsage(endpoint);
    return asItCame;
  }

  /**
   * The call as an attempt of its own beside the one that asked, which may be paid for; null when
   * there is nothing left to pay for it with.
   */
  private ModelCall besides(CompletionStage<WireResponse> asItCame) {
    AnswerMeter answer =
        call.settlement() == null || !isAnswer(asItCame)
            ? null
            : ObservedBody.answerOf(answer(asItCame).body());
    if (answer == null) {
      return call;
    }
    ResponseFacts said = answer.factsSoFar();
    boolean told = said.tellsUsage() || (answer.contentSeen() && answer.outcome() == Outcome.CUT);
    if (!told && !UnseenWork.isPossible(call.facts(), answer, said)) {
      return call;
    }
    Settlement another = call.settlement().another(told ? said : null);
    return another == null ? null : call.anotherWith(another);
  }

  private static void left(ModelCall call) {
    if (call.settlement() != null) {
      call.settlement().left();
    }
  }

  /**
   * The application's own request instead. What the endpoint said of the other one is noted at
   * once: nobody may wait any more when this one's answer comes, and whoever asks next would wait
   * as long in vain.
   *
   * @param believed for how long the endpoint is not asked when it takes this one
   * @param refusal what the endpoint refused the other one with; null when it is never taken for
   *     what it says
   */
  private CompletionStage<WireResponse> withoutAsking(
      CompletionStage<WireResponse> asItCame, long believed, String refusal) {
    call.context().journal().doNotAskForUsage(endpoint);
    Long noted = takers.refuses(endpoint, Math.min(believed, UsageTakers.GUESS_NANOS));
    if (call.context().cancellation().isCancelled() || call.context().nanosLeft() <= 0) {
      return asItCame;
    }
    ModelCall own = besides(asItCame);
    if (own == null) {
      takers.refusesNothing(endpoint, noted);
      // No more than a guess, but the next calls get their answers.
      takers.isInVain(kind, UsageTakers.GUESS_NANOS);
      return asItCame;
    }
    return Completions.then(
        next.proceed(own),
        (response, failure) -> {
          if (failure == null && Verdict.of(response).refusal() != null) {
            // There was no time for it: what the provider said says more.
            response.body().close();
            left(own);
            return asItCame;
          }
          if (failure != null && Verdict.of(failure, false).isCancelled()) {
            // Nobody waits any more: what there was says how far the provider came.
            left(own);
            return asItCame;
          }
          discard(asItCame);
          boolean left = call.context().cancellation().isCancelled();
          if (failure != null && (left || Verdict.of(failure, false).isSilent())) {
            // The time for both is over, which says nothing of this one alone.
            return Completions.failed(failure);
          }
          probation.showsNothing();
          boolean answered = failure == null && Verdict.of(response).isAnswered();
          if (answered && response.status() < 300) {
            takers.refuses(endpoint, believed);
            return Completions.completed(response);
          }
          takers.refusesNothing(endpoint, noted);
          if (!takers.isTaker(kind)) {
            takers.isUnclear(kind);
          } else if (failure == null && refusal != null && refusal.equals(refusalOf(response))) {
            takers.isInnocent(refusal);
          }
          return failure == null ? Completions.completed(response) : Completions.failed(failure);
        });
  }

  private static boolean isTakenForAnAnswer(CompletionStage<WireResponse> asItCame) {
    return isAnswer(asItCame)
        && answer(asItCame).status() / 100 == 2
        && CommitGate.isWhole(answer(asItCame));
  }

  private static boolean isAnswer(CompletionStage<WireResponse> asItCame) {
    CompletableFuture<WireResponse> done = asItCame.toCompletableFuture();
    return done.isDone() && !done.isCompletedExceptionally();
  }

  private static WireResponse answer(CompletionStage<WireResponse> asItCame) {
    return asItCame.toCompletableFuture().join();
  }

  private static void discard(CompletionStage<WireResponse> asItCame) {
    asItCame.thenAccept(response -> response.body().close());
  }
}
