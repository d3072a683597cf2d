package io.flyball.engine.pipeline;

import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.ReplacedBody;
import io.flyball.engine.meter.TransformedBody;
import io.flyball.engine.wire.BodyPrefix;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.sse.MalformedEvents;
import io.flyball.protocol.sse.SseEvent;
import java.util.Locale;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;

/**
 * Takes out of streams what is not for the application: the event that reports usage where only
 * Flyball asked for it, and malformed events, of which some SDKs die. What cannot be read goes on
 * as it comes.
 */
final class StreamEdits implements Stage {
  /** So few that a comment which keeps a connection open is handed on at once, or soon. */
  private static final int SEEN_BYTES = 16;

  private final InternalErrors errors;

  StreamEdits(InternalErrors errors) {
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
    CallJournal journal = call.context().journal();
    // Who translates the answer needs the usage.
    if (!call.usageAsked() || !protocol.id().equals(call.originalFacts().protocol().id())) {
      boolean readable = ContentDecoder.isPlain(response.headers().first("Content-Encoding"));
      // What has told its length stays as it is: nobody knows yet whether anything is to go.
      boolean open = response.headers().first("Content-Length") == null;
      return Completions.completed(readable && open ? without(null, response, journal) : response);
    }
    return hasToBeSeen(response)
        ? seen(response, protocol, journal)
        : Completions.completed(without(protocol, response, journal));
  }

  /** Whether only its bytes tell what it is, and it has a length to lose. */
  private static boolean hasToBeSeen(WireResponse response) {
    return response.headers().first("Content-Length") != null
        && (typeOf(response).startsWith("application/json")
            || !ContentDecoder.isSpoken(response.headers().first("Content-Encoding")));
  }

  /** Looks how it begins; what is no stream, or cannot be read, stays as it is. */
  private CompletionStage<WireResponse> seen(
      WireResponse response, Protocol hiding, CallJournal journal) {
    AnswerMeter answer = ((ObservedBody) response.body()).answer();
    return Completions.then(
        BodyPrefix.read(
            response.body(),
            SEEN_BYTES,
            () -> answer.stream() || answer.isNoStream() || answer.isSealed()),
        (prefix, none) -> {
          WireResponse whole = response.withBody(new ReplacedBody(prefix.replay(), answer));
          boolean stream = prefix.size() > 0 && answer.isUnderstood() && !answer.isNoStream();
          return Completions.completed(stream ? without(hiding, whole, journal) : whole);
        });
  }

  /**
   * @param hiding whose event of usage is hidden; null: none
   */
  private WireResponse without(Protocol hiding, WireResponse response, CallJournal journal) {
    ObservedBody body = (ObservedBody) response.body();
    Headers headers = response.headers().without("Content-Length");
    String encoding = headers.first("Content-Encoding");
    if (!ContentDecoder.isPlain(encoding) && ContentDecoder.isSpoken(encoding)) {
      // Nobody asked for the encoding; the event that only Flyball asked for is worse to get.
      body = new TransformedBody(body, new Decoding(ContentDecoder.ofAll(encoding)));
      headers = headers.without("Content-Encoding");
    }
    AnswerMeter answer = body.answer();
    Unwanted unwanted = new Unwanted(answer, hiding, journal);
    return response
        .withHeaders(headers)
        .withBody(
            new TransformedBody(
                body,
                new EventFilter(
                    unwanted, unwanted::isNone, answer::isSealed, unwanted::end, errors)));
  }

  private static String typeOf(WireResponse response) {
    String contentType = response.headers().first("Content-Type");
    return contentType == null ? "" : contentType.trim().toLowerCase(Locale.ROOT);
  }

  /** Which events are not for the application. */
  private static final class Unwanted implements Predicate<SseEvent> {
    private final AnswerMeter answer;
    private final Protocol hiding;
    private final CallJournal journal;
    private int malformed;
    private boolean ended;

    /**
     * @param hiding whose event of usage is hidden; null: none
     */
    Unwanted(AnswerMeter answer, Protocol hiding, CallJournal journal) {
      this.answer = answer;
      this.hiding = hiding;
      this.journal = journal;
    }

    /** Whether none of the events that the meter has read and this has not is one. */
    boolean isNone() {
      return answer.malformedEvents() == malformed && (hiding == null || !answer.mayHaveUsage());
    }

    /** Half an event that a stream ends with stands between no good ones: it stays. */
    void end() {
      ended = true;
    }

    @Override
    public boolean test(SseEvent event) {
      if (!event.hasData()) {
        return false;
      }
      // The meter has read these bytes already: only when it counted one is it looked for.
      if (!ended && answer.malformedEvents() > malformed && MalformedEvents.isMalformed(event)) {
        malformed++;
        journal.tookOutEvents(1);
        return true;
      }
      return hiding != null
          && hiding.isRequestedUsageEvent(
              event.dataArray(), event.dataOffset(), event.dataLength());
    }
  }
}
