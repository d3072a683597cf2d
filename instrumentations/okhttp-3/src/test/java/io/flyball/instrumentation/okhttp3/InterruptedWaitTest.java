package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The thread or the call that waits for its second attempt. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedWaitTest {
  private static final String DOWN = "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}";

  /** Given back when the call begins to wait. */
  private static final Semaphore WAITS = new Semaphore(0);

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new OkHttpInstrumentation())
          .with(
              Policies.builder()
                  .retry(
                      RetrySettings.usual(3).withTime(60_000_000_000L),
                      new Backoff(30_000_000_000L, 30_000_000_000L, InterruptedWaitTest::longest),
                      new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private static volatile boolean waiting = true;

  private static double longest() {
    WAITS.release();
    return waiting ? 1 : 0;
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

  private static Call call(FakeProvider provider) {
    return call(provider, new OkHttpClient());
  }

  private static Call call(FakeProvider provider, OkHttpClient client) {
    return client.newCall(
        new Request.Builder()
            .url(provider.url() + "/v1/chat/completions")
            .post(RequestBody.create(MediaType.parse("application/json"), Outgoing.CHAT))
            .build());
  }

  @Test
  void anInterruptionHandsOnTheFailureThereIsWhole() throws Exception {
    try (FakeProvider provider = down()) {
      whenItWaits(Thread.currentThread()::interrupt);
      try (Response response = call(provider).execute()) {
        assertThat(response.code()).isEqualTo(503);
        assertThat(response.body().string()).isEqualTo(DOWN);
        assertThat(Thread.interrupted()).isTrue();
      }
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void aCallThatIsCancelledSaysSo() throws Exception {
    try (FakeProvider provider = down()) {
      Call call = call(provider);
      whenItWaits(call::cancel);
      assertThatThrownBy(call::execute).isInstanceOf(IOException.class).hasMessage("Canceled");
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void soDoesOneThatWasEnqueued() throws Exception {
    try (FakeProvider provider = down()) {
      Call call = call(provider);
      CompletableFuture<Response> answer = new CompletableFuture<>();
      call.enqueue(
          new Callback() {
            @Override
            public void onFailure(Call failed, IOException failure) {
              answer.completeExceptionally(failure);
            }

            @Override
            public void onResponse(Call answered, Response response) {
              answer.complete(response);
            }
          });
      whenItWaits(call::cancel);
      assertThatThrownBy(answer::get)
          .isInstanceOf(ExecutionException.class)
          .hasRootCauseMessage("cancelled by the application")
          .cause()
          .isInstanceOf(IOException.class)
          .hasMessage("Canceled");
      assertThat(provider.requests()).hasSize(1);
    }
  }

  /** Though it is made by another call, so that it can be ended without the first one. */
  @Test
  void aRepetitionIsNoCallMoreToAListener() throws Exception {
    waiting = false;
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(Answer.json(503, DOWN), CannedAnswers.chat());
      EventLog log = new EventLog();
      OkHttpClient client =
          new OkHttpClient.Builder().eventListenerFactory(call -> log.of(call)).build();
      try (Response response = call(provider, client).execute()) {
        assertThat(response.body().string()).isEqualTo(CannedAnswers.CHAT);
      }
      assertThat(provider.requests()).hasSize(2);
      assertThat(log.events())
          .filteredOn(event -> event.contains("callStart"))
          .containsExactly("1 callStart");
    } finally {
      waiting = true;
    }
  }
}
