package io.flyball.engine.pipeline;

import io.flyball.base.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.RefusalNotices;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.ReplacedBody;
import io.flyball.engine.meter.TransformedBody;
import io.flyball.protocol.Protocol;
import io.flyball.wire.BodyPrefix;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.util.Locale;
import java.util.concurrent.CompletionStage;

/**
 * Takes out of streams what is not for the application: the event that reports usage where only
 * Flyball asked for it, and malformed JSON between good events, of which some SDKs die. Text that
 * is no JSON, and what cannot be read, goes on as it comes.
 */
final class StreamEdits implements Stage {
  /** So few that a comment which keeps a connection open is handed on at once, or soon. */
  private static final int SEEN_BYTES = 16;

  private final RefusalNotices notices;
  private final InternalErrors errors;

  /**
   * @param notices told of malformed events, once for each destination
   */
  StreamEdits(RefusalNotices notices, InternalErrors errors) {
    this.notices = notices;
    this.errors = errors;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (!call.facts().stream()) {
      return next.proceed(call);
    }
    return Completions.then(
        next.proceed(call),
        (response, failure) ->
            failure != null ? Completions.failed(failure) : edited(response, call));
  }

  private CompletionStage<WireResponse> edited(WireResponse response, ModelCall call) {
    // An error is the provider's own words.
    if (response.status() >= 300 || !(response.body() instanceof ObservedBody)) {
      return Completions.completed(response);
    }
    Protocol protocol = call.facts().protocol();
    // Who translates the answer needs the usage.
    if (!call.usageAsked() || !protocol.id().equals(call.originalFacts().protocol().id())) {
      boolean readable = ContentDecoder.isPlain(response.headers().first("Content-Encoding"));
      // What has told its length stays as it is: nobody knows yet whether anything is to go.
      boolean open = response.headers().first("Content-Length") == null;
      return Completions.completed(readable && open ? without(null, response, call) : response);
    }
    return hasToBeSeen(response)
        ? seen(response, protocol, call)
        : Completions.completed(without(protocol, response, call));
  }

  /** Whether only its bytes tell what it is, and it has a length to lose. */
  private static boolean hasToBeSeen(WireResponse response) {
    return response.headers().first("Content-Length") != null
        && (typeOf(response).startsWith("application/json")
            || !ContentDecoder.isSpoken(response.headers().first("Content-Encoding")));
  }

  /** Looks how it begins; what is no stream, or cannot be read, stays as it is. */
  private CompletionStage<WireResponse> seen(
      WireResponse response, Protocol hiding, ModelCall call) {
    AnswerMeter answer = ((ObservedBody) response.body()).answer();
    return Completions.then(
        BodyPrefix.read(
            response.body(),
            SEEN_BYTES,
            () -> answer.stream() || answer.isNoStream() || answer.isSealed()),
        (prefix, none) -> {
          WireResponse whole = response.withBody(new ReplacedBody(prefix.replay(), answer));
          boolean stream = prefix.size() > 0 && answer.isUnderstood() && !answer.isNoStream();
          return Completions.completed(stream ? without(hiding, whole, call) : whole);
        });
  }

  /**
   * @param hiding whose event of usage is hidden; null: none
   */
  private WireResponse without(Protocol hiding, WireResponse response, ModelCall call) {
    ObservedBody body = (ObservedBody) response.body();
    Headers headers = response.headers().without("Content-Length");
    String encoding = headers.first("Content-Encoding");
    if (!ContentDecoder.isPlain(encoding) && ContentDecoder.isSpoken(encoding)) {
      // Nobody asked for the encoding; the event that only Flyball asked for is worse to get.
      body = new TransformedBody(body, new Decoding(ContentDecoder.ofAll(encoding)));
      headers = headers.without("Content-Encoding");
    }
    AnswerMeter answer = body.answer();
    UnwantedEvents unwanted = new UnwantedEvents(answer, hiding, () -> tookOut(call));
    return response
        .withHeaders(headers)
        .withBody(
            new TransformedBody(
                body,
                new EventFilter(
                    unwanted::fate,
                    event -> !unwanted.isHidden(event),
                    unwanted::isNone,
                    answer::isSealed,
                    unwanted::end,
                    errors)));
  }

  private void tookOut(ModelCall call) {
    call.context().journal().tookOutEvents(1);
    notices.once(
        "malformed event",
        call.destination(),
        () ->
            "an event of a stream of "
                + call.destination()
                + " was JSON that breaks off, between two good ones: it was left out, because SDKs"
                + " die of such (told once)");
  }

  private static String typeOf(WireResponse response) {
    String contentType = response.headers().first("Content-Type");
    return contentType == null ? "" : contentType.trim().toLowerCase(Locale.ROOT);
  }
}
