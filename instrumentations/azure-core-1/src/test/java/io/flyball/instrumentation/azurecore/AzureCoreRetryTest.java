package io.flyball.instrumentation.azurecore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.azure.core.http.HttpClient;
import com.azure.core.http.HttpHeaders;
import com.azure.core.http.HttpMethod;
import com.azure.core.http.HttpPipeline;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.HttpRequest;
import com.azure.core.http.HttpResponse;
import com.azure.core.http.policy.FixedDelay;
import com.azure.core.http.policy.RetryPolicy;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** azure-core's retry policy, the test in the place of the HTTP client below it. */
class AzureCoreRetryTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new AzureCoreInstrumentation());

  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  /** The status of the attempt, 0 for a broken connection. */
  private HttpResponse ask(boolean governed, int... statuses) {
    HttpClient network =
        request -> {
          int status = statuses[attempts.getAndIncrement()];
          CompletionStage<WireResponse> answer =
              governed ? throughFlyball(status) : answerOf(status);
          return Mono.fromCompletionStage(answer).map(wire -> new Answer(request, wire));
        };
    HttpPipeline pipeline =
        new HttpPipelineBuilder()
            .httpClient(network)
            .policies(new RetryPolicy(new FixedDelay(2, Duration.ofMillis(1))))
            .build();
    return pipeline.send(new HttpRequest(HttpMethod.POST, "http://localhost/")).block();
  }

  private static CompletionStage<WireResponse> throughFlyball(int status) {
    return AGENT
        .gateway()
        .open(
            new WireRequest(
                "POST",
                URI.create("https://api.openai.com/v1/chat/completions"),
                Headers.EMPTY,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .getBytes(StandardCharsets.UTF_8)))
        .executeAsync((request, cancellation) -> answerOf(status), Runnable::run);
  }

  private static CompletionStage<WireResponse> answerOf(int status) {
    CompletableFuture<WireResponse> answer = new CompletableFuture<>();
    if (status == 0) {
      answer.completeExceptionally(new IOException("reset"));
    } else {
      answer.complete(
          WireResponse.received(
              status, Headers.EMPTY, Bodies.of(new byte[] {'{', '}'}), new Object()));
    }
    return answer;
  }

  @Test
  void aGovernedFailureIsTheLast() {
    assertThat(ask(true, 503, 200).getStatusCode()).isEqualTo(503);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void aGovernedExceptionIsTheLast() {
    assertThat(catchThrowable(() -> ask(true, 0, 200))).hasRootCauseMessage("reset");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void otherFailuresAreRetriedAsEver() {
    assertThat(ask(false, 503, 0, 429).getStatusCode()).isEqualTo(429);
    assertThat(attempts).hasValue(3);
  }

  /** An answer with nothing but its head. */
  private static final class Answer extends HttpResponse {
    private final WireResponse wire;

    Answer(HttpRequest request, WireResponse wire) {
      super(request);
      this.wire = wire;
      wire.body().close();
    }

    @Override
    public int getStatusCode() {
      return wire.status();
    }

    @Override
    public String getHeaderValue(String name) {
      return wire.headers().first(name);
    }

    @Override
    public HttpHeaders getHeaders() {
      return new HttpHeaders();
    }

    @Override
    public Flux<ByteBuffer> getBody() {
      return Flux.empty();
    }

    @Override
    public Mono<byte[]> getBodyAsByteArray() {
      return Mono.empty();
    }

    @Override
    public Mono<String> getBodyAsString() {
      return Mono.empty();
    }

    @Override
    public Mono<String> getBodyAsString(Charset charset) {
      return Mono.empty();
    }
  }
}
