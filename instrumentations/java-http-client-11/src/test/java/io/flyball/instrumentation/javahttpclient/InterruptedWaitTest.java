package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The thread or the future of a call that waits for its second attempt. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedWaitTest {
  private static final String DOWN = "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}";

  /** Given back when the call begins to wait. */
  private static final Semaphore WAITS = new Semaphore(0);

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaHttpClientInstrumentation())
          .with(
              Policies.builder()
                  .retry(
                      RetrySettings.usual(3).withTime(60_000_000_000L),
                      new Backoff(30_000_000_000L, 30_000_000_000L, InterruptedWaitTest::longest),
                      new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private static double longest() {
    WAITS.release();
    return 1;
  }

  private static FakeProvider down() throws IOException {
    FakeProvider provider = FakeProvider.start();
    provider.answer(Answer.json(503, DOWN), Answer.json(503, DOWN), Answer.json(503, DOWN));
    WAITS.drainPermits();
    return provider;
  }

  private static Thread whenItWaits(Runnable action) {
    Thread other =
        new Thread(
            () -> {
              WAITS.acquireUninterruptibly();
              action.run();
            });
    other.start();
    return other;
  }

  private final HttpClient client = HttpClient.newHttpClient();

  private static HttpRequest request(FakeProvider provider) {
    return HttpRequest.newBuilder(URI.create(provider.url() + "/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Outgoing.CHAT))
        .build();
  }

  @Test
  void anInterruptionIsThrown() throws Exception {
    try (FakeProvider provider = down()) {
      whenItWaits(Thread.currentThread()::interrupt);
      assertThatThrownBy(() -> client.send(request(provider), BodyHandlers.ofString()))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void aFutureThatIsCancelledIsThat() throws Exception {
    try (FakeProvider provider = down()) {
      AtomicInteger handled = new AtomicInteger();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(
              request(provider),
              head -> {
                handled.incrementAndGet();
                return HttpResponse.BodySubscribers.ofString(
                    java.nio.charset.StandardCharsets.UTF_8);
              });
      whenItWaits(() -> answer.cancel(true)).join();
      assertThatThrownBy(answer::join).isInstanceOf(CancellationException.class);
      await().until(() -> AGENT.records().size() == 1);
      assertThat(handled).hasValue(0);
      assertThat(provider.requests()).hasSize(1);
    }
  }
}
