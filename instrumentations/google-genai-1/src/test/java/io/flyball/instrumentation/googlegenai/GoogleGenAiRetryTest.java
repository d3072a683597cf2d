package io.flyball.instrumentation.googlegenai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.genai.types.HttpRetryOptions;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** google-genai's interceptor that retries, the test in the place of the network below it. */
class GoogleGenAiRetryTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new GoogleGenAiInstrumentation());

  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  /** The status of the attempt, 0 for a broken connection. */
  private Interceptor network(boolean governed, int... statuses) {
    return chain -> {
      int status = statuses[attempts.getAndIncrement()];
      return new Response.Builder()
          .request(chain.request())
          .protocol(Protocol.HTTP_1_1)
          .code(governed ? throughFlyball(status) : statusOrReset(status))
          .message("")
          .body(ResponseBody.create(null, ""))
          .build();
    };
  }

  private static int statusOrReset(int status) throws IOException {
    if (status == 0) {
      throw new IOException("reset");
    }
    return status;
  }

  private static int throughFlyball(int status) throws IOException {
    WireResponse answer =
        AGENT
            .gateway()
            .open(
                new WireRequest(
                    "POST",
                    URI.create("https://api.openai.com/v1/chat/completions"),
                    Headers.EMPTY,
                    "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                        .getBytes(StandardCharsets.UTF_8)))
            .execute(
                (request, cancellation) -> {
                  CompletableFuture<WireResponse> sent = new CompletableFuture<>();
                  if (status == 0) {
                    sent.completeExceptionally(new IOException("reset"));
                  } else {
                    sent.complete(
                        WireResponse.received(
                            status, Headers.EMPTY, Bodies.of(new byte[] {'{', '}'}), new Object()));
                  }
                  return sent;
                });
    answer.body().close();
    return answer.status();
  }

  private static Response ask(double delaySeconds, Interceptor network) throws Exception {
    Constructor<?> retries =
        Class.forName("com.google.genai.RetryInterceptor")
            .getDeclaredConstructor(HttpRetryOptions.class);
    retries.setAccessible(true);
    HttpRetryOptions options =
        HttpRetryOptions.builder().attempts(3).initialDelay(delaySeconds).jitter(0.0).build();
    return new OkHttpClient.Builder()
        .addInterceptor((Interceptor) retries.newInstance(options))
        .addInterceptor(network)
        .build()
        .newCall(new Request.Builder().url("http://localhost/").build())
        .execute();
  }

  @Test
  @Timeout(20)
  void aGovernedFailureIsTheLastAndNothingIsWaitedFor() throws Exception {
    assertThat(ask(60, network(true, 429, 200)).code()).isEqualTo(429);
    assertThat(attempts).hasValue(1);
  }

  @Test
  @Timeout(20)
  void aGovernedExceptionIsTheLast() {
    assertThat(catchThrowable(() -> ask(60, network(true, 0, 200))))
        .isInstanceOf(IOException.class)
        .hasMessage("reset");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void aGovernedSuccessIsReturned() throws Exception {
    assertThat(ask(60, network(true, 200)).code()).isEqualTo(200);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void otherFailuresAreRetriedAsEver() throws Exception {
    assertThat(ask(0.001, network(false, 503, 0, 429)).code()).isEqualTo(429);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void aRetryMayStillSucceed() throws Exception {
    assertThat(ask(0.001, network(false, 0, 200)).code()).isEqualTo(200);
    assertThat(attempts).hasValue(2);
  }
}
