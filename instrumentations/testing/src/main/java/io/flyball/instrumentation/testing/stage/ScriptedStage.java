package io.flyball.instrumentation.testing.stage;

import io.flyball.engine.attempt.Beginning;
import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.InterruptedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * A policy that does what the application's request asks for in {@value #HEADER}, so that a test
 * reaches every power of the engine through any client, in process and attached. The header never
 * reaches the wire.
 *
 * <ul>
 *   <li>{@code answer}, {@code answer-stream}: answers without the network
 *   <li>{@code retry}: asks again after a 503 or a failure before the first content, three attempts
 *       at most
 *   <li>{@code timeout <ms> [<base-url> <api-key>]}: cancels the first attempt when it has no
 *       answer by then, asks again, maybe elsewhere
 *   <li>{@code redirect <base-url> <api-key>}: sends to another host with another credential
 *   <li>{@code throw}, {@code throw-after}: fails by itself before, or after, asking
 *   <li>{@code cancel-after-first-read}: cancels the call once one part of the body was read
 *   <li>{@code hedge <ms>}: asks a second time, on a thread of its own, when there is no answer by
 *       then; the first answer wins, the other attempt is cancelled
 *   <li>{@code answer-slowly}: answers with a stream whose parts come from another thread
 * </ul>
 */
public final class ScriptedStage implements Stage {
  public static final String HEADER = "x-flyball-test";

  /** The body of {@code answer}. */
  public static final String ANSWER =
      "{\"id\":\"chatcmpl-made\",\"object\":\"chat.completion\",\"created\":1700000000,"
          + "\"model\":\"made\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
          + "\"content\":\"Made here.\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}}";

  /** The body of {@code answer-stream}. */
  public static final String ANSWER_STREAM =
      "data: {\"id\":\"chatcmpl-made\",\"object\":\"chat.completion.chunk\","
          + "\"created\":1700000000,\"model\":\"made\",\"choices\":[{\"index\":0,"
          + "\"delta\":{\"role\":\"assistant\",\"content\":\"Made here.\"},"
          + "\"finish_reason\":null}]}\n\n"
          + "data: [DONE]\n\n";

  private static final int MAX_ATTEMPTS = 3;

  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(daemons("scripted-stage-timer"));
  private final ExecutorService hedges =
      Executors.newCachedThreadPool(daemons("scripted-stage-hedge"));

  private static ThreadFactory daemons(String name) {
    return work -> {
      Thread thread = new Thread(work, name);
      thread.setDaemon(true);
      return thread;
    };
  }

  @Override
  public CompletionStage<WireResponse> handle(ModelCall call, Next next) {
    String script = call.original().headers().first(HEADER);
    if (script == null) {
      return next.proceed(call);
    }
    ModelCall clean = call.withRequest(withoutScript(call.request()));
    String[] words = script.trim().split("\\s+");
    switch (words[0]) {
      case "answer":
        return made("application/json", ANSWER);
      case "answer-stream":
        return made("text/event-stream", ANSWER_STREAM);
      case "retry":
        return retry(clean, next, 1);
      case "timeout":
        return timeout(
            clean,
            words.length == 2
                ? clean
                : clean.withRequest(redirected(clean.request(), URI.create(words[2]), words[3])),
            next,
            Long.parseLong(words[1]));
      case "redirect":
        return next.proceed(
            clean.withRequest(redirected(clean.request(), URI.create(words[1]), words[2])));
      case "throw":
        throw new IllegalStateException("scripted failure before the attempt");
      case "throw-after":
        return Completions.then(
            next.proceed(clean),
            (response, failure) -> {
              throw new IllegalStateException("scripted failure after the attempt");
            });
      case "cancel-after-first-read":
        return Completions.then(
            next.proceed(clean),
            (response, failure) ->
                failure != null
                    ? Completions.failed(failure)
                    : Completions.completed(response.withBody(new Cancelling(response, call))));
      case "hedge":
        return hedge(clean, next, Long.parseLong(words[1]));
      case "answer-slowly":
        return Completions.completed(
            WireResponse.made(
                200, Headers.of("content-type", "text/event-stream"), new SlowAnswer()));
      default:
        throw new IllegalArgumentException(HEADER + ": " + words[0]);
    }
  }

  private static WireRequest withoutScript(WireRequest request) {
    return request.withHeaders(request.headers().without(HEADER));
  }

  private static CompletionStage<WireResponse> made(String contentType, String body) {
    return Completions.completed(
        WireResponse.made(
            200,
            Headers.of("content-type", contentType),
            Bodies.of(body.getBytes(StandardCharsets.UTF_8))));
  }

  private static CompletionStage<WireResponse> retry(ModelCall call, Next next, int attempt) {
    return Completions.then(
        next.proceed(call),
        (response, failure) ->
            failure == null
                ? Completions.then(
                    CommitGate.await(response),
                    (beginning, none) -> {
                      if (!isFailed(beginning) || !mayAskAgain(call, attempt)) {
                        return Completions.completed(beginning.response());
                      }
                      beginning.response().body().close();
                      return retry(call, next, attempt + 1);
                    })
                : mayAskAgain(call, attempt)
                    ? retry(call, next, attempt + 1)
                    : Completions.failed(failure));
  }

  private static boolean isFailed(Beginning beginning) {
    return beginning.kind() == Beginning.Kind.CUT || beginning.response().status() == 503;
  }

  private static boolean mayAskAgain(ModelCall call, int attempt) {
    return attempt < MAX_ATTEMPTS && !call.context().cancellation().isCancelled();
  }

  private CompletionStage<WireResponse> timeout(
      ModelCall call, ModelCall then, Next next, long millis) {
    Cancellation attempt = call.context().cancellation().child();
    ScheduledFuture<?> alarm =
        timer.schedule(
            () -> attempt.cancel(new InterruptedIOException("scripted timeout")),
            millis,
            TimeUnit.MILLISECONDS);
    return Completions.then(
        next.proceed(call.withCancellation(attempt)),
        (response, failure) -> {
          alarm.cancel(false);
          if (failure == null && attempt.isCancelled()) {
            response.body().close();
          }
          return failure != null || attempt.isCancelled()
              ? retry(then, next, 2)
              : Completions.completed(response);
        });
  }

  private static WireRequest redirected(WireRequest request, URI base, String apiKey) {
    URI from = request.uri();
    String query = from.getRawQuery() == null ? "" : '?' + from.getRawQuery();
    return request
        .withUri(URI.create(base + from.getRawPath() + query))
        .withHeaders(
            request
                .headers()
                .without("x-api-key")
                .without("api-key")
                .with("Authorization", "Bearer " + apiKey));
  }

  private CompletionStage<WireResponse> hedge(ModelCall call, Next next, long millis) {
    Cancellation whole = call.context().cancellation();
    CallContext own = call.context().withCancellation(whole.child());
    CallContext second = call.context().withExecutor(hedges).withCancellation(whole.child());
    CompletableFuture<WireResponse> first = new CompletableFuture<>();
    ScheduledFuture<?> alarm =
        timer.schedule(
            () -> hedges.execute(() -> race(call, next, second, own, first)),
            millis,
            TimeUnit.MILLISECONDS);
    first.whenComplete((response, failure) -> alarm.cancel(false));
    race(call, next, own, second, first);
    return first;
  }

  private static void race(
      ModelCall call,
      Next next,
      CallContext attempt,
      CallContext other,
      CompletableFuture<WireResponse> first) {
    Completions.then(
        next.proceed(call.withContext(attempt)),
        (response, failure) -> {
          if (failure != null) {
            first.completeExceptionally(failure);
          } else if (first.complete(response)) {
            other.cancellation().cancel(new InterruptedIOException("another attempt was faster"));
          } else {
            response.body().close();
          }
          return Completions.completed(null);
        });
  }

  /** {@link #ANSWER_STREAM} in two parts, which another thread gives. */
  private final class SlowAnswer implements Body {
    private int position;

    @Override
    public CompletionStage<ByteBuffer> read() {
      byte[] whole = ANSWER_STREAM.getBytes(StandardCharsets.UTF_8);
      CompletableFuture<ByteBuffer> next = new CompletableFuture<>();
      int length = Math.min(whole.length - position, whole.length / 2 + 1);
      ByteBuffer part = length == 0 ? null : ByteBuffer.wrap(whole, position, length).slice();
      position += length;
      timer.execute(() -> next.complete(part));
      return next;
    }

    @Override
    public void close() {}
  }

  /** Cancels the call from another thread while the second part of the body is being read. */
  private final class Cancelling implements Body {
    private final Body body;
    private final Cancellation cancellation;
    private int reads;

    Cancelling(WireResponse response, ModelCall call) {
      this.body = response.body();
      this.cancellation = call.context().cancellation();
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      if (++reads == 2) {
        timer.execute(
            () -> cancellation.cancel(new InterruptedIOException("scripted cancellation")));
      }
      return body.read();
    }

    @Override
    public void close() {
      body.close();
    }
  }
}
