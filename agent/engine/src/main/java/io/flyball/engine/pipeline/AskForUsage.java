package io.flyball.engine.pipeline;

import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Settlement;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.UnseenWork;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.HeldBytes;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.failure.AddedField;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.protocol.provider.Providers;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;

/**
 * Asks the provider to report usage in streams where the application did not. An attempt that fails
 * and may have failed for that is made once more with the application's own request, whose answer
 * counts whatever it is; an endpoint which takes that one is not asked again, and one that refuses
 * both alike is not asked for a while, so that requests which are wrong by themselves are not sent
 * twice for ever. Stands around the commit gate, so that a stream which breaks off before its
 * content is such a failure, too.
 */
final class AskForUsage implements Stage {
  private static final int MOST_REMEMBERED = 256;
  private static final int LONGEST_NAME = 100;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long FOR_EVER = Long.MAX_VALUE;

  /** A server's failure may have passed by itself: then it is asked for usage again later. */
  private static final long GUESS_NANOS = TimeUnit.HOURS.toNanos(1);

  /** Where both requests failed nothing has been learnt, and the next one may be a good one. */
  private static final long DOUBT_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final TimeSource time;

  /** Endpoints that do not take the field, and until when that is believed. */
  private final Map<String, Long> refusers = new ConcurrentHashMap<>();

  /** Models at endpoints that it is of no use to ask now, and until when they are not. */
  private final Map<String, Long> doubtful = new ConcurrentHashMap<>();

  /**
   * Models at endpoints that have ended a stream well with the field; what fails there is another
   * matter.
   */
  private final Set<String> takers = ConcurrentHashMap.newKeySet();

  /** What takers refused with the field and without it alike: refusals that are not about it. */
  private final Set<String> innocent = ConcurrentHashMap.newKeySet();

  private final UnaskedUsage unasked = new UnaskedUsage();

  AskForUsage(TimeSource time) {
    this.time = time;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    WireRequest request = call.request();
    // Nobody asked us to: what is encoded goes out as it came.
    if (!call.facts().stream() || request.isEncoded()) {
      return next.proceed(call);
    }
    String endpoint = endpoint(call);
    byte[] asking =
        isIn(refusers, endpoint)
                || isIn(doubtful, taker(endpoint, call))
                || !call.context().journal().mayAskForUsage(endpoint)
                // It takes a copy of the request, which is not worth the application's memory.
                || !HeldBytes.ofThisJvm().hasRoomFor(request.body().length)
            ? null
            : call.facts().protocol().askForUsage(call.facts(), request.body());
    WireRequest changed = asking == null ? null : uncompressed(request.withBody(asking));
    if (changed == null || !call.context().takesReadily(changed)) {
      return next.proceed(call);
    }
    if (UnaskedUsage.isPossible(call)) {
      String kind = UnaskedUsage.kind(endpoint, call);
      if (unasked.isReported(kind)) {
        return next.proceed(call);
      }
      if (unasked.isToBeFoundOut(kind, call)) {
        return unasked.foundOut(kind, next.proceed(call));
      }
    }
    return Completions.then(
        next.proceed(call.askingForUsage(changed)),
        (response, failure) ->
            failure == null
                ? judge(response, endpoint, call, next)
                : brokeOff(Completions.failed(failure), failure, endpoint, call, next));
  }

  /** No part of it is a secret: keys stand in headers and queries. */
  private static String endpoint(ModelCall call) {
    WireRequest request = call.request();
    return call.facts().protocol().id()
        + '@'
        + request.host()
        + ':'
        + request.port()
        + request.uri().getRawPath();
  }

  private static String taker(String endpoint, ModelCall call) {
    return endpoint + ' ' + call.facts().model();
  }

  /** What is compressed cannot be taken out of; only where the application asked for it. */
  private static WireRequest uncompressed(WireRequest request) {
    Headers headers = request.headers();
    return headers.first("Accept-Encoding") == null
        ? request
        : request.withHeaders(headers.with("Accept-Encoding", "identity"));
  }

  private CompletionStage<WireResponse> judge(
      WireResponse response, String endpoint, ModelCall call, Next next) {
    if (response.origin() == null) {
      return Completions.completed(response);
    }
    if (response.status() < 300 && Verdict.of(response).isAnswered()) {
      return Completions.completed(watched(response, endpoint, call));
    }
    return Completions.then(
        CommitGate.await(response),
        (beginning, none) -> {
          WireResponse asItCame = beginning.response();
          if (asItCame.status() >= 300) {
            return refusal(asItCame, endpoint, call, next);
          }
          switch (beginning.kind()) {
            case ERROR_EVENT:
              return errorEvent(asItCame, endpoint, call, next);
            case CUT:
              return beginning.failure() != null || isStreamWithoutContent(asItCame)
                  ? brokeOff(
                      Completions.completed(asItCame), beginning.failure(), endpoint, call, next)
                  : noRefusal(asItCame, endpoint, call);
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
  private WireResponse watched(WireResponse response, String endpoint, ModelCall call) {
    call.context().journal().doNotAskForUsage(endpoint);
    AnswerMeter meter = ObservedBody.answerOf(response.body());
    return meter == null
        ? response
        : response.withBody(
            new WatchedBody(
                (ObservedBody) response.body(), read -> learn(meter, read, endpoint, call)));
  }

  /**
   * @param read whether the answer was read to its end
   */
  private void learn(AnswerMeter meter, boolean read, String endpoint, ModelCall call) {
    if (meter.isSealed()) {
      // What it brings could not be kept from the application.
      remember(refusers, endpoint, FOR_EVER);
      return;
    }
    ResponseFacts facts = meter.facts();
    Outcome outcome = meter.outcome();
    if (outcome == null
        || outcome == Outcome.CANCELLED
        || !meter.isUnderstood()
        || isTaker(endpoint, call)) {
      return;
    }
    boolean known = isOfProvider(call.request().host());
    if (!facts.events()) {
      // It may be one that streams no more because of the field; what does not stream needs none.
      remember(refusers, endpoint, GUESS_NANOS);
    } else if (outcome == Outcome.SUCCESS || facts.complete()) {
      if (known || facts.usage() != null) {
        add(takers, taker(endpoint, call));
      } else if (read) {
        // In vain, or it stops where it would report usage.
        remember(doubtful, taker(endpoint, call), GUESS_NANOS);
      }
    } else if (known) {
      remember(doubtful, taker(endpoint, call), DOUBT_NANOS);
    } else {
      boolean again = outcome != Outcome.TIMEOUT && refusers.containsKey(endpoint);
      remember(refusers, endpoint, again ? FOR_EVER : GUESS_NANOS);
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
  private CompletionStage<WireResponse> noRefusal(
      WireResponse response, String endpoint, ModelCall call) {
    call.context().journal().doNotAskForUsage(endpoint);
    return Completions.completed(response);
  }

  private CompletionStage<WireResponse> refusal(
      WireResponse response, String endpoint, ModelCall call, Next next) {
    CompletionStage<WireResponse> asItCame = Completions.completed(response);
    byte[] body = CommitGate.heldBack(response);
    AddedField about = AddedField.inAnswer(response.status(), response.headers()::first, body);
    // The words of the well-known providers mean what they say.
    if (about == AddedField.OTHER
        || (about == AddedField.UNLIKELY && isOfProvider(call.request().host()))) {
      return asItCame;
    }
    if (about == AddedField.NAMED) {
      return withoutAsking(asItCame, endpoint, FOR_EVER, null, call, next);
    }
    boolean statusSaysMost = about == AddedField.POSSIBLE && response.status() < 500;
    long guess = isTaker(endpoint, call) && response.status() >= 500 ? DOUBT_NANOS : GUESS_NANOS;
    String refusal = refusal(endpoint, call, response);
    return isTaker(endpoint, call) && innocent.contains(refusal)
        ? asItCame
        : withoutAsking(asItCame, endpoint, statusSaysMost ? FOR_EVER : guess, refusal, call, next);
  }

  private static boolean isOfProvider(String host) {
    return host != null && Providers.isHostOfProvider(host);
  }

  private static String refusal(String endpoint, ModelCall call, WireResponse response) {
    String name = AddedField.nameOf(CommitGate.heldBack(response));
    boolean isName = name != null && name.length() <= LONGEST_NAME;
    return taker(endpoint, call) + ' ' + response.status() + ' ' + (isName ? name : null);
  }

  private CompletionStage<WireResponse> errorEvent(
      WireResponse response, String endpoint, ModelCall call, Next next) {
    AnswerMeter meter = ObservedBody.answerOf(response.body());
    CompletionStage<WireResponse> asItCame = Completions.completed(response);
    if (meter == null) {
      return asItCame;
    }
    switch (AddedField.inEvent(meter.factsSoFar().errorType(), meter.factsSoFar().errorMessage())) {
      case NAMED:
        return withoutAsking(asItCame, endpoint, FOR_EVER, null, call, next);
      case POSSIBLE:
        return perhapsForThat(asItCame, endpoint, call, next);
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
      CompletionStage<WireResponse> asItCame,
      Throwable failure,
      String endpoint,
      ModelCall call,
      Next next) {
    boolean reached =
        failure == null
            || (Verdict.of(failure, false).failure() == FailureKind.CONNECTION
                && !(failure instanceof ConnectException)
                && !(failure instanceof NoRouteToHostException)
                && !(failure instanceof UnknownHostException)
                && !(failure instanceof SSLException));
    return reached ? perhapsForThat(asItCame, endpoint, call, next) : asItCame;
  }

  /** Who has taken the field before fails for another reason, most likely. */
  private CompletionStage<WireResponse> perhapsForThat(
      CompletionStage<WireResponse> asItCame, String endpoint, ModelCall call, Next next) {
    if (!isTaker(endpoint, call)) {
      return withoutAsking(asItCame, endpoint, GUESS_NANOS, null, call, next);
    }
    if (isTakenForAnAnswer(asItCame)) {
      // The application is never given that for its own request's answer.
      return withoutAsking(asItCame, endpoint, 0, null, call, next);
    }
    call.context().journal().doNotAskForUsage(endpoint);
    return asItCame;
  }

  /**
   * The call as an attempt of its own beside the one that asked, which may be paid for; null when
   * there is nothing left to pay for it with.
   */
  private static ModelCall besides(CompletionStage<WireResponse> asItCame, ModelCall call) {
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
   * The application's own request instead.
   *
   * @param believed for how long the endpoint is not asked when it takes this one
   * @param refusal what the endpoint refused the other one with; null when it is never taken for
   *     what it says
   */
  private CompletionStage<WireResponse> withoutAsking(
      CompletionStage<WireResponse> asItCame,
      String endpoint,
      long believed,
      String refusal,
      ModelCall call,
      Next next) {
    call.context().journal().doNotAskForUsage(endpoint);
    if (call.context().cancellation().isCancelled() || call.context().nanosLeft() <= 0) {
      return asItCame;
    }
    ModelCall own = besides(asItCame, call);
    if (own == null) {
      // No more than a guess, but the next call gets its answer.
      remember(doubtful, taker(endpoint, call), DOUBT_NANOS);
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
          boolean answered = failure == null && Verdict.of(response).isAnswered();
          if (answered && response.status() < 300) {
            remember(refusers, endpoint, believed);
          } else if (!isTaker(endpoint, call)) {
            remember(doubtful, taker(endpoint, call), DOUBT_NANOS);
          } else if (failure == null
              && refusal != null
              && refusal.equals(refusal(endpoint, call, response))) {
            add(innocent, refusal);
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

  private boolean isTaker(String endpoint, ModelCall call) {
    return takers.contains(taker(endpoint, call));
  }

  private boolean isIn(Map<String, Long> remembered, String key) {
    Long until = remembered.get(key);
    return until != null && (until == FOR_EVER || until > nowMillis());
  }

  private void remember(Map<String, Long> remembered, String key, long nanos) {
    if (remembered.size() >= MOST_REMEMBERED) {
      remembered.clear();
    }
    remembered.put(key, nanos == FOR_EVER ? FOR_EVER : nowMillis() + nanos / NANOS_PER_MILLI);
  }

  private static void add(Set<String> set, String element) {
    if (set.contains(element)) {
      return;
    }
    if (set.size() >= MOST_REMEMBERED) {
      set.clear();
    }
    set.add(element);
  }

  private long nowMillis() {
    return time.epochNanos() / NANOS_PER_MILLI;
  }
}
