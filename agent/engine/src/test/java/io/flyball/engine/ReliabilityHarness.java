package io.flyball.engine;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.BodyInputStream;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** An engine with real protocols over a scripted upstream, asynchronous, on a manual clock. */
final class ReliabilityHarness {
  static final String OK =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini\",\"choices\":[{"
          + "\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello\"},"
          + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
          + "\"total_tokens\":10}}";
  static final String DONE = "data: [DONE]\n\n";

  final ManualTime clock = new ManualTime();
  final List<CallRecord> records = new ArrayList<>();
  final ReportedErrors errors = new ReportedErrors();
  final List<String> notices = new ArrayList<>();
  final Upstream upstream = new Upstream();
  final Engine engine;

  ReliabilityHarness(Policies policies) {
    this(policies, null);
  }

  /**
   * @param pricing what calls cost, or null when that is not at hand
   */
  ReliabilityHarness(Policies policies, CallPricing pricing) {
    this(policies, pricing, new Protocols(Collections.<Endpoint>emptyList()), null);
  }

  /**
   * @param clients told of what goes past the engine; null: nobody is
   */
  ReliabilityHarness(
      Policies policies, CallPricing pricing, Protocols protocols, ClientLibraries clients) {
    engine =
        Engine.builder(
                EngineSettings.builder(protocols).policies(policies).build(), records::add, errors)
            .time(clock)
            .timer(clock)
            .pricing(() -> pricing)
            .notices(notices::add)
            .clients(clients)
            .build();
  }

  /** One word of a stream. */
  static String chunk(String text) {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
        + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  static String finish() {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
        + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  }

  static String wholeStream(String... words) {
    StringBuilder stream = new StringBuilder();
    for (String word : words) {
      stream.append(chunk(word));
    }
    return stream.append(finish()).append(DONE).toString();
  }

  CompletableFuture<WireResponse> ask(String... headers) {
    return call(false, headers).executeAsync(upstream, Runnable::run).toCompletableFuture();
  }

  CompletableFuture<WireResponse> askStream(String... headers) {
    return call(true, headers).executeAsync(upstream, Runnable::run).toCompletableFuture();
  }

  GovernedCall call(boolean stream, String... headers) {
    return ask("gpt-4o-mini", stream, headers);
  }

  GovernedCall ask(String model, boolean stream, String... headers) {
    return call(
        "{\"model\":\""
            + model
            + "\",\"stream\":"
            + stream
            + ",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}",
        headers);
  }

  /** A chat completion with that body. */
  GovernedCall call(String body, String... headers) {
    return callAt("https://api.openai.com/v1/chat/completions", body, headers);
  }

  /** A streamed chat completion of a server that nobody knows. */
  CompletableFuture<WireResponse> askStreamAtHome() {
    return callAt(
            "https://models.example.test/v1/chat/completions",
            "{\"model\":\"gpt-4o-mini\",\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
        .executeAsync(upstream, Runnable::run)
        .toCompletableFuture();
  }

  /** A stream at home has shown that nothing is reported there unasked. */
  ReliabilityHarness atHomeBefore() throws Exception {
    upstream.streams(wholeStream("Hello"), null);
    text(askStreamAtHome().get());
    upstream.sent.clear();
    upstream.attempts.clear();
    records.clear();
    return this;
  }

  /** A call of that address with that body. */
  GovernedCall callAt(String url, String body, String... headers) {
    return callAt(url, body.getBytes(StandardCharsets.UTF_8), headers);
  }

  /** The same with a body of any bytes. */
  GovernedCall callAt(String url, byte[] body, String... headers) {
    Headers.Builder all = Headers.builder();
    all.add("Content-Type", "application/json").add("Authorization", "Bearer app-key");
    for (int i = 0; i < headers.length; i += 2) {
      if (Arrays.asList(headers).indexOf(headers[i]) < i) {
        all.add(headers[i], headers[i + 1]);
      } else {
        all.set(headers[i], headers[i + 1]);
      }
    }
    return engine.open(new WireRequest("POST", URI.create(url), all.build(), body));
  }

  static String text(WireResponse response) throws IOException {
    return new String(bytes(response), StandardCharsets.UTF_8);
  }

  static byte[] bytes(WireResponse response) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (InputStream in = new BodyInputStream(response.body())) {
      byte[] buffer = new byte[4096];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        all.write(buffer, 0, count);
      }
    }
    return all.toByteArray();
  }

  CallRecord onlyRecord() {
    if (records.size() != 1) {
      throw new AssertionError("expected one record, got " + records.size());
    }
    return records.get(0);
  }

  /** Answers in the order of the script; silent when that is over. */
  static final class Upstream implements Transport {
    final List<WireRequest> sent = new ArrayList<>();
    final List<Cancellation> attempts = new ArrayList<>();
    private final Deque<Object> script = new ArrayDeque<>();

    /** What the client's own limit leaves, in nanoseconds; -1: it has none. */
    volatile long nanosLeft = -1;

    @Override
    public long nanosLeft() {
      return nanosLeft;
    }

    Upstream answers(int status, String body, String... headers) {
      return answers(status, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    Upstream answers(int status, byte[] body, String... headers) {
      Headers.Builder all = Headers.of(headers).toBuilder();
      all.set("Content-Type", "application/json");
      script.add(WireResponse.received(status, all.build(), Bodies.of(body), new Object()));
      return this;
    }

    Upstream responds(int status, Headers headers, Body body) {
      script.add(WireResponse.received(status, headers, body, new Object()));
      return this;
    }

    /** What was to be answered is not needed: nobody asked. */
    void forgetScript() {
      script.clear();
    }

    Upstream streams(Body body) {
      script.add(ScriptedTransport.stream(body));
      return this;
    }

    Upstream streams(Object... pieces) {
      return streams(ScriptedTransport.Pieces.of(pieces));
    }

    /** A stream that depends on what is asked. */
    Upstream streamsFor(Function<WireRequest, String> answer) {
      script.add(answer);
      return this;
    }

    Upstream fails(Throwable failure) {
      script.add(failure);
      return this;
    }

    Upstream isSilent() {
      answersLater();
      return this;
    }

    /** Silent until the test completes what is given back. */
    CompletableFuture<WireResponse> answersLater() {
      CompletableFuture<WireResponse> later = new CompletableFuture<>();
      script.add(later);
      return later;
    }

    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      sent.add(request);
      attempts.add(cancellation);
      Object next = script.poll();
      CompletableFuture<WireResponse> result = new CompletableFuture<>();
      if (next instanceof CompletableFuture) {
        Completions.forward(laterOf(next), result);
      } else if (next instanceof WireResponse) {
        result.complete((WireResponse) next);
      } else if (next instanceof Function) {
        result.complete(
            ScriptedTransport.stream(ScriptedTransport.Pieces.of(answerOf(next, request), null)));
      } else if (next instanceof Throwable) {
        result.completeExceptionally((Throwable) next);
      }
      cancellation.onCancel(() -> result.completeExceptionally(new IOException("Canceled")));
      return result;
    }

    @SuppressWarnings("unchecked")
    private static String answerOf(Object scripted, WireRequest request) {
      return ((Function<WireRequest, String>) scripted).apply(request);
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<WireResponse> laterOf(Object scripted) {
      return (CompletableFuture<WireResponse>) scripted;
    }
  }
}
