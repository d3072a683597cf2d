package io.flyball.javaagent;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import io.flyball.engine.Engine;
import io.flyball.engine.EngineSettings;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Makes the first call of the application wait less: what a call needs is loaded by calls that go
 * nowhere, through an engine of their own that has the user's settings and shares no state with the
 * real one, while the application's client is made. Only where there is a processor to spare.
 */
final class WarmUp implements Runnable {
  private static final Headers JSON = Headers.of("Content-Type", "application/json");
  private static final Headers EVENTS = Headers.of("Content-Type", "text/event-stream");

  private static final String REQUEST =
      "\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]";

  private static final String ANSWER =
      "{\"id\":\"1\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"gpt-4o-mini\","
          + "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":1,"
          + "\"total_tokens\":2}}";

  private static final String STREAM =
      "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\","
          + "\"content\":\"Hello\"},\"finish_reason\":null}]}\n\n"
          + "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{},"
          + "\"finish_reason\":\"stop\"}]}\n\n"
          + "data: {\"id\":\"1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
          + "\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":1,"
          + "\"completion_tokens\":1,\"total_tokens\":2}}\n\n"
          + "data: [DONE]\n\n";

  private final Supplier<EngineSettings> settings;
  private final Timer timer;
  private final Supplier<CallPricing> pricing;
  private final InternalErrors errors;
  private final AtomicBoolean begun = new AtomicBoolean();

  /**
   * @param settings with policies that are {@linkplain PolicyConfiguration#unheard nobody's}
   */
  WarmUp(
      Supplier<EngineSettings> settings,
      Timer timer,
      Supplier<CallPricing> pricing,
      InternalErrors errors) {
    this.settings = settings;
    this.timer = timer;
    this.pricing = pricing;
    this.errors = errors;
  }

  /** Begins, unless it has begun before, and does not wait for it. */
  void begin() {
    if (Runtime.getRuntime().availableProcessors() > 1 && begun.compareAndSet(false, true)) {
      DetachedThread.create("flyball-warm-up", this).start();
    }
  }

  @Override
  public void run() {
    call(record -> {});
  }

  /**
   * @param sink takes the records of the calls, which are the application's in no way
   */
  void call(CallSink sink) {
    try {
      Engine engine =
          Engine.builder(settings.get(), sink, errors)
              .time(TimeSource.SYSTEM)
              .timer(timer)
              .pricing(pricing)
              .build();
      call(engine, "{" + REQUEST + "}", JSON, ANSWER);
      call(engine, "{" + REQUEST + ",\"stream\":true}", EVENTS, STREAM);
    } catch (Throwable failure) {
      errors.report("warm-up", failure);
    }
  }

  private static void call(Engine engine, String request, Headers headers, String answer) {
    GovernedCall call =
        engine.open(
            new WireRequest(
                "POST",
                URI.create("https://api.openai.com/v1/chat/completions"),
                JSON,
                request.getBytes(StandardCharsets.UTF_8)));
    if (call == null) {
      return;
    }
    byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
    Transport nowhere =
        (sent, cancellation) ->
            CompletableFuture.completedFuture(
                WireResponse.received(200, headers, Bodies.of(bytes), bytes));
    try {
      Body body = call.execute(nowhere).body();
      while (body.read().toCompletableFuture().join() != null) {
        // To the end.
      }
    } catch (IOException refused) {
      // The user's settings refuse every call.
    }
  }
}
