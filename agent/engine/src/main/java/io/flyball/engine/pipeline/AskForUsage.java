package io.flyball.engine.pipeline;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.util.concurrent.CompletionStage;

/**
 * Asks the provider to report usage in streams where the application did not. An attempt that fails
 * and may have failed for that is made once more with the application's own request, whose answer
 * counts whatever it is; an endpoint which takes that one is not asked again, and one that refuses
 * both is not asked until it has answered the application's own, so that requests which are wrong
 * by themselves are not sent twice for ever. Stands around the commit gate, so that a stream which
 * breaks off before its content is such a failure, too.
 *
 * <p>What says of its very body that it is this one is never changed ({@link SealedRequest}): a
 * signature would be wrong, and of two requests under one key a server takes the first only, so
 * that not even the application's own could be sent after a refusal.
 */
final class AskForUsage implements Stage {
  private final TimeSource time;
  private final UsageTakers takers;
  private final UnaskedUsage unasked = new UnaskedUsage();

  AskForUsage(TimeSource time) {
    this.time = time;
    this.takers = new UsageTakers(time);
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    WireRequest request = call.request();
    // Nobody asked us to: what is encoded goes out as it came.
    if (!call.facts().stream() || request.isEncoded()) {
      return next.proceed(call);
    }
    String endpoint = endpoint(call);
    String kind = endpoint + ' ' + call.service().key();
    if (takers.waitsForAnswer(kind)) {
      return ownAnswer(endpoint, kind, next.proceed(call));
    }
    boolean counted = call.settlement() != null && call.settlement().countsUsage();
    byte[] asking =
        !takers.mayBeAsked(endpoint, kind, counted)
                || !call.context().journal().mayAskForUsage(endpoint)
                // It takes a copy of the request, which is not worth the application's memory.
                || !HeldBytes.ofThisJvm().hasRoomFor(request.body().length)
                || SealedRequest.is(request)
            ? null
            : call.facts().protocol().askForUsage(call.facts(), request.body());
    WireRequest changed = asking == null ? null : uncompressed(request.withBody(asking));
    if (changed == null || !call.context().takesReadily(changed)) {
      return next.proceed(call);
    }
    if (UnaskedUsage.isPossible(call)) {
      String same = UnaskedUsage.kind(endpoint, call);
      if (unasked.isReported(same)) {
        return next.proceed(call);
      }
      if (!counted && unasked.isToBeFoundOut(same)) {
        return unasked.foundOut(same, ownAnswer(endpoint, kind, next.proceed(call)));
      }
    }
    UsageAttempt attempt = new UsageAttempt(takers, time, endpoint, kind, call, next);
    if (!attempt.mayBegin(counted)) {
      return next.proceed(call);
    }
    return Completions.then(next.proceed(call.askingForUsage(changed)), attempt::judge);
  }

  /** What the application's own request shows where it is sent first. */
  private CompletionStage<WireResponse> ownAnswer(
      String endpoint, String kind, CompletionStage<WireResponse> answer) {
    return Completions.then(
        answer,
        (response, failure) -> {
          if (failure == null && response.status() < 300 && Verdict.of(response).isAnswered()) {
            takers.answersOwn(kind);
            if (response.origin() != null && response.headers().first("Content-Length") != null) {
              // What is taken out of it would cost the application that.
              takers.isDear(endpoint, UsageTakers.FOR_EVER);
            }
          }
          return answer;
        });
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

  /** What is compressed cannot be taken out of; only where the application asked for it. */
  private static WireRequest uncompressed(WireRequest request) {
    Headers headers = request.headers();
    return headers.first("Accept-Encoding") == null
        ? request
        : request.withHeaders(headers.with("Accept-Encoding", "identity"));
  }
}
