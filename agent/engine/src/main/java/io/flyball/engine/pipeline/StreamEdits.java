package io.flyball.engine.pipeline;

import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.meter.TransformedBody;
import io.flyball.engine.wire.BodyPrefix;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Headers;
import io.flyball.engine.wire.HeldBytes;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.sse.MalformedEvents;
import io.flyball.protocol.sse.SseEvent;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

/**
 * Asks the provider to report usage in streams where the application did not, and hides the event
 * that this adds. A provider that refuses the request for it gets the application's own request
 * instead, and is not asked again. Takes malformed events out of streams: some SDKs die of one.
 */
final class StreamEdits implements Stage {
  private static final int MAX_REFUSAL_BYTES = 64 << 10;
  private static final int MAX_REMEMBERED = 256;

  /** How providers say that they do not know a field; lower case. */
  private static final String[] REFUSAL_WORDS = {
    "stream_options",
    "include_usage",
    "extra_forbidden",
    "extra inputs",
    "extra fields",
    "unknown field",
    "unknown parameter",
    "unknown name",
    "unrecognized",
    "additional properties",
    "unexpected keyword"
  };

  private final InternalErrors errors;
  private final Set<String> refusers = ConcurrentHashMap.newKeySet();

  StreamEdits(InternalErrors errors) {
    this.errors = errors;
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    if (!call.facts().stream()) {
      return next.proceed(call);
    }
    Protocol protocol = call.facts().protocol();
    WireRequest request = call.request();
    String provider = protocol.id() + '@' + request.uri().getAuthority();
    // It takes a copy of the request, which is not worth the application's memory.
    boolean asks =
        !refusers.contains(provider)
            && HeldBytes.ofThisJvm().hasRoomFor(request.body().length);
    byte[] asking = asks ? protocol.askForUsage(call.facts(), request.body()) : null;
    if (asking == null) {
      return Completions.then(
          next.proceed(call),
          (response, failure) ->
              failure != null
                  ? Completions.failed(failure)
                  : Completions.completed(edited(response, call, false)));
    }
    return Completions.then(
        next.proceed(call.withRequest(uncompressed(request.withBody(asking)))),
        (response, failure) -> {
          if (failure != null) {
            return Completions.failed(failure);
          }
          return response.status() == 400 || response.status() == 422
              ? perhapsRefused(response, provider, call, next)
              : Completions.completed(edited(response, call, true));
        });
  }

  /** What is compressed cannot be taken out of; only where the application asked for it. */
  private static WireRequest uncompressed(WireRequest request) {
    Headers headers = request.headers();
    return headers.first("Accept-Encoding") == null
        ? request
        : request.withHeaders(headers.with("Accept-Encoding", "identity"));
  }

  /**
   * The answer without the events that are not for the application.
   *
   * @param asked whether the event that reports usage is there because we asked for it
   */
  private WireResponse edited(WireResponse response, ModelCall call, boolean asked) {
    String contentType = response.headers().first("Content-Type");
    String encoding = response.headers().first("Content-Encoding");
    boolean readable = encoding == null || encoding.equalsIgnoreCase("identity");
    boolean declared =
        contentType != null && contentType.toLowerCase(Locale.ROOT).startsWith("text/event-stream");
    // Some gateways send streams under another type or none; then their length is not told.
    boolean mayBeEvents = declared || response.headers().first("Content-Length") == null;
    if (!readable || !mayBeEvents || !(response.body() instanceof ObservedBody)) {
      return response;
    }
    ObservedBody body = (ObservedBody) response.body();
    Protocol protocol = call.facts().protocol();
    // Who translates the answer needs the usage.
    boolean hides = asked && protocol.id().equals(call.originalFacts().protocol().id());
    Unwanted unwanted =
        new Unwanted(body.answer(), hides ? protocol : null, call.context().journal());
    return response
        .withHeaders(response.headers().without("Content-Length"))
        .withBody(new TransformedBody(body, new EventFilter(unwanted, unwanted::isNone, errors)));
  }

  private CompletionStage<WireResponse> perhapsRefused(
      WireResponse response, String provider, ModelCall call, Next next) {
    return Completions.then(
        BodyPrefix.read(response.body(), MAX_REFUSAL_BYTES, () -> false),
        (prefix, none) -> {
          if (prefix.failure() != null || !namesTheField(response, prefix)) {
            return Completions.completed(response.withBody(prefix.replay()));
          }
          response.body().close();
          return Completions.then(
              next.proceed(call),
              (again, failure) -> {
                if (failure != null) {
                  return Completions.failed(failure);
                }
                if (again.status() < 400) {
                  remember(provider);
                }
                return Completions.completed(again);
              });
        });
  }

  /** The body may be compressed; then the meter has read the message. */
  private static boolean namesTheField(WireResponse response, BodyPrefix prefix) {
    String raw = new String(prefix.toBytes(), StandardCharsets.ISO_8859_1);
    AnswerMeter answer =
        response.body() instanceof ObservedBody ? ((ObservedBody) response.body()).answer() : null;
    String message = answer == null ? null : answer.facts().errorMessage();
    String text = (message == null ? raw : raw + message).toLowerCase(Locale.ROOT);
    for (String word : REFUSAL_WORDS) {
      if (text.contains(word)) {
        return true;
      }
    }
    return false;
  }

  private void remember(String provider) {
    if (refusers.size() >= MAX_REMEMBERED) {
      refusers.clear();
    }
    refusers.add(provider);
  }

  /** Which events are not for the application. */
  private static final class Unwanted implements Predicate<SseEvent> {
    private final AnswerMeter answer;
    private final Protocol hiding;
    private final CallJournal journal;
    private int malformed;

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

    @Override
    public boolean test(SseEvent event) {
      if (!event.hasData()) {
        return false;
      }
      // The meter has read these bytes already: only when it counted one is it looked for.
      if (answer.malformedEvents() > malformed && MalformedEvents.isMalformed(event)) {
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
