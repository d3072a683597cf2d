package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.URL;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The thread or the connection of a call that waits for its second attempt. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedWaitTest {
  private static final String DOWN = "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}";

  /** Given back when the call begins to wait. */
  private static final Semaphore WAITS = new Semaphore(0);

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new HttpUrlConnectionInstrumentation())
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

  private static HttpURLConnection sent(FakeProvider provider) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(provider.url() + "/v1/chat/completions").openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(Outgoing.CHAT.getBytes(UTF_8));
    }
    return connection;
  }

  @Test
  void anInterruptionHandsOnTheFailureThereIsWhole() throws Exception {
    try (FakeProvider provider = down()) {
      HttpURLConnection connection = sent(provider);
      whenItWaits(Thread.currentThread()::interrupt);
      assertThat(connection.getResponseCode()).isEqualTo(503);
      assertThat(connection.getErrorStream()).hasContent(DOWN);
      assertThat(Thread.interrupted()).isTrue();
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @Test
  void whoDisconnectsHasAClosedSocket() throws Exception {
    try (FakeProvider provider = down()) {
      HttpURLConnection connection = sent(provider);
      whenItWaits(connection::disconnect);
      assertThatThrownBy(connection::getInputStream).isInstanceOf(SocketException.class);
      assertThat(provider.requests()).hasSize(1);
    }
  }
}
