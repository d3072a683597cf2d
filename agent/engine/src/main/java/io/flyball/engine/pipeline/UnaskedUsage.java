package io.flyball.engine.pipeline;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.provider.Providers;
import io.flyball.wire.Completions;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who reports the usage of streams without being asked: there the event is the application's, and
 * not to be taken out. That shows only where nobody asks, so nobody does before a stream of the
 * kind has come to its end. Thread safe.
 */
final class UnaskedUsage {
  private static final int MOST_REMEMBERED = 256;

  private final Map<String, Boolean> reports = new ConcurrentHashMap<>();

  /** Not where the provider is known. */
  static boolean isPossible(ModelCall call) {
    String host = call.request().host();
    return host != null && Providers.mayReportUnasked(host);
  }

  /**
   * Calls of which one shows it for all: of a model at an endpoint, which are told nothing else
   * that could be a wish for it.
   */
  static String kind(String endpoint, ModelCall call) {
    WireRequest request = call.request();
    String query = request.uri().getRawQuery();
    int beyond = call.facts().protocol().beyondTheApi(request.body());
    int said = 31 * beyond + (query == null ? 0 : query.hashCode());
    return endpoint + ' ' + call.facts().model() + ' ' + Integer.toHexString(said);
  }

  /** Whether it is known that streams of that kind report usage, or the application sees to it. */
  boolean isReported(String kind) {
    return Boolean.TRUE.equals(reports.get(kind));
  }

  /** Whether a call of that kind is to go out as it is, told to {@link #foundOut}. */
  boolean isToBeFoundOut(String kind) {
    return !reports.containsKey(kind);
  }

  /** The answer to a request that does not ask, as it came. */
  CompletionStage<WireResponse> foundOut(String kind, CompletionStage<WireResponse> answer) {
    return Completions.then(
        answer,
        (response, failure) -> {
          boolean answered = failure == null && Verdict.of(response).isAnswered();
          AnswerMeter meter = answered ? ObservedBody.answerOf(response.body()) : null;
          return meter == null
              ? answer
              : Completions.completed(
                  response.withBody(
                      new WatchedBody(
                          (ObservedBody) response.body(), null, read -> ended(kind, meter))));
        });
  }

  private void ended(String kind, AnswerMeter meter) {
    ResponseFacts facts = meter.facts();
    boolean reported = facts.usage() != null;
    if (facts.events() && (reported || meter.outcome() == Outcome.SUCCESS)) {
      if (reports.size() >= MOST_REMEMBERED) {
        reports.clear();
      }
      reports.put(kind, reported);
    }
  }
}
