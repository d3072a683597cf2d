package io.flyball.benchmarks;

import io.flyball.engine.Engine;
import io.flyball.engine.EngineSettings;
import io.flyball.engine.Mode;
import io.flyball.engine.attribute.AttributionRules;
import io.flyball.engine.call.Attribution;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.ResponseReader;
import io.flyball.wire.Bodies;
import io.flyball.wire.Body;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/** What a call costs on the caller's thread, without a network. */
@BenchmarkMode(org.openjdk.jmh.annotations.Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Thread)
public class HotPath {
  private static final URI MODEL_URL = URI.create("https://api.openai.com/v1/chat/completions");
  private static final Headers JSON = Headers.of("Content-Type", "application/json");
  private static final Headers EVENTS = Headers.of("Content-Type", "text/event-stream");

  /** Characters of the prompt. */
  @Param({"1000", "100000"})
  int prompt;

  private Protocols protocols;
  private RequestHead head;
  private byte[] body;
  private byte[] streamBody;
  private byte[] usageBody;
  private byte[] answer;
  private byte[] chunk;
  private CompletionStage<ByteBuffer> nextChunk;
  private RequestFacts streamFacts;
  private AttributionRules attribution;
  private WireRequest request;
  private Engine govern;
  private Engine observe;

  @Setup
  public void prepare() {
    protocols = new Protocols(Collections.emptyList());
    head =
        new RequestHead(
            "POST", "https", "api.openai.com", 443, "/v1/chat/completions", null, JSON::first);
    body = request("");
    streamBody = request(",\"stream\":true");
    usageBody = request(",\"stream\":true,\"stream_options\":{\"include_usage\":true}");
    answer =
        ("{\"id\":\"chatcmpl-1\",\"object\":\"chat.completion\",\"created\":1795000000,"
                + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"message\":{\"role\":"
                + "\"assistant\",\"content\":\""
                + "The quick brown fox. ".repeat(20)
                + "\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{"
                + "\"prompt_tokens\":120,\"completion_tokens\":50,\"total_tokens\":170}}")
            .getBytes(StandardCharsets.UTF_8);
    chunk =
        ("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1795000000,"
                + "\"model\":\"gpt-4o-mini\",\"choices\":[{\"index\":0,\"delta\":{\"content\":"
                + "\"word \"},\"finish_reason\":null}]}\n\n")
            .getBytes(StandardCharsets.UTF_8);
    nextChunk = CompletableFuture.completedFuture(ByteBuffer.wrap(chunk));
    streamFacts = protocols.recognise(head, streamBody);
    attribution = AttributionRules.defaults("benchmark");
    request = new WireRequest("POST", MODEL_URL, JSON, body);
    govern = engine(Mode.GOVERN);
    observe = engine(Mode.OBSERVE);
  }

  private byte[] request(String rest) {
    return ("{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + "a".repeat(prompt)
            + "\"}],\"temperature\":0"
            + rest
            + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private Engine engine(Mode mode) {
    return Engine.builder(
            EngineSettings.builder(protocols).mode(mode).build(),
            record -> {},
            (place, failure) -> {
              throw new IllegalStateException(place, failure);
            })
        .build();
  }

  /** Traffic that is none of our business: all it pays. */
  @Benchmark
  public boolean otherTraffic() {
    return govern.mayGovern("POST", "shop.example", 443, "/api/v2/orders/4711/positions");
  }

  @Benchmark
  public RequestFacts recognise() {
    return protocols.recognise(head, body);
  }

  /** Reading a stream of 100 chunks: divide by 100 for a chunk. */
  @Benchmark
  public void scan100Chunks(Blackhole hole) {
    ResponseReader reader = streamFacts.protocol().reader(streamFacts, 200, "text/event-stream");
    for (int i = 0; i < 100; i++) {
      reader.feed(ByteBuffer.wrap(chunk));
    }
    hole.consume(reader.contentSeen());
  }

  /** A whole plain call through the engine with a transport that answers at once. */
  @Benchmark
  public long plainCallGoverned() throws IOException {
    return call(govern, body, answer(answer, JSON));
  }

  @Benchmark
  public long plainCallObserved() throws IOException {
    return call(observe, body, answer(answer, JSON));
  }

  /** The same without the engine: what the harness itself costs. */
  @Benchmark
  public long plainCallWithout() throws IOException {
    WireRequest request = new WireRequest("POST", MODEL_URL, JSON, body);
    return drain(answer(answer, JSON).send(request, null).toCompletableFuture().join());
  }

  /** Who a call is charged to: mostly the walk up the stack to the application's frame. */
  @Benchmark
  public Attribution attribute() {
    return attribution.attribute(request, attribution.origin());
  }

  /**
   * A stream of 1000 chunks through the engine, which asks for usage and so filters the events;
   * divide by 1000 for a chunk.
   */
  @Benchmark
  public long streamGoverned() throws IOException {
    return call(govern, streamBody, stream());
  }

  /** The same where the application asks for usage itself: nothing to filter. */
  @Benchmark
  public long streamGovernedUnfiltered() throws IOException {
    return call(govern, usageBody, stream());
  }

  @Benchmark
  public long streamObserved() throws IOException {
    return call(observe, streamBody, stream());
  }

  /** The same without the engine: what the harness itself costs. */
  @Benchmark
  public long streamWithout() throws IOException {
    return drain(stream().send(request, null).toCompletableFuture().join());
  }

  private Transport stream() {
    return (sent, cancellation) ->
        CompletableFuture.completedFuture(
            WireResponse.received(200, EVENTS, new Chunks(nextChunk, 1000), sent));
  }

  private static Transport answer(byte[] bytes, Headers headers) {
    return (request, cancellation) ->
        CompletableFuture.completedFuture(
            WireResponse.received(200, headers, Bodies.of(bytes), bytes));
  }

  private static long call(Engine engine, byte[] body, Transport transport) throws IOException {
    GovernedCall call = engine.open(new WireRequest("POST", MODEL_URL, JSON, body));
    return drain(call.execute(transport));
  }

  private static long drain(WireResponse response) {
    long total = 0;
    for (ByteBuffer bytes = response.body().read().toCompletableFuture().join();
        bytes != null;
        bytes = response.body().read().toCompletableFuture().join()) {
      total += bytes.remaining();
    }
    response.body().close();
    return total;
  }

  /** The same chunk again and again, at no cost. */
  private static final class Chunks implements Body {
    private static final CompletionStage<ByteBuffer> END = CompletableFuture.completedFuture(null);

    private final CompletionStage<ByteBuffer> chunk;
    private int left;

    Chunks(CompletionStage<ByteBuffer> chunk, int count) {
      this.chunk = chunk;
      this.left = count;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      return left-- > 0 ? chunk : END;
    }

    @Override
    public void close() {}
  }
}
