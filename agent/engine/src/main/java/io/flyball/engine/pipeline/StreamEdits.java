package io.flyball.engine.pipeline;

import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.TransformedBody;
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
            failure != null
                ? Completions.failed(failure)
                : Completions.completed(edited(response, call)));
  }

  private WireResponse edited(WireResponse response, ModelCall call) {
    // An error is the provider's own words.
    if (response.status() >= 300 || !(response.body() instanceof ObservedBody)) {
      return response;
    }
    Protocol protocol = call.facts().protocol();
    // Who translates the answer needs the usage.
    boolean hides = call.usageAsked() && protocol.id().equals(call.originalFacts().protocol().id());
    if (!mayBeEvents(response, hides)) {
      return response;
    }
    ObservedBody body = (ObservedBody) response.body();
    Headers headers = response.headers().without("Content-Length");
    String encoding = headers.first("Content-Encoding");
    if (!ContentDecoder.isPlain(encoding)) {
      ContentDecoder decoder = hides ? ContentDecoder.ofAll(encoding) : null;
      if (decoder == null) {
        return response;
      }
      // Nobody asked for the encoding; the event that only Flyball asked for is worse to get.
      body = new TransformedBody(body, new Decoding(decoder));
      headers = headers.without("Content-Encoding");
    }
    Unwanted unwanted =
        new Unwanted(body.answer(), hides ? protocol : null, call.context().journal());
    return response
        .withHeaders(headers)
        .withBody(
            new TransformedBody(
                body, new EventFilter(unwanted, unwanted::isNone, unwanted::end, errors)));
  }

  /** Some gateways send streams under another type or none; then their length is seldom told. */
  private static boolean mayBeEvents(WireResponse response, boolean hides) {
    String contentType = response.headers().first("Content-Type");
    String type = contentType == null ? "" : contentType.trim().toLowerCase(Locale.ROOT);
    return type.startsWith("text/event-stream")
        || response.headers().first("Content-Length") == null
        || (hides && !type.startsWith("application/json"));
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
