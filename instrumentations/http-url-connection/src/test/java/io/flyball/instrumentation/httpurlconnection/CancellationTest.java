package io.flyball.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Another thread ends what a thread is blocked in, plain and with TLS. */
class CancellationTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new HttpUrlConnectionInstrumentation());

  private final ExecutorService reader = Executors.newSingleThreadExecutor();

  @AfterEach
  void stop() {
    reader.shutdownNow();
  }

  private static FakeProvider provider(String scheme) throws IOException {
    return scheme.equals("https") ? FakeProvider.startTls() : FakeProvider.start();
  }

  private static HttpURLConnection post(FakeProvider provider) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(provider.url() + "/v1/chat/completions").openConnection();
    if (connection instanceof HttpsURLConnection) {
      ((HttpsURLConnection) connection)
          .setSSLSocketFactory(FakeProvider.trustingClient().getSocketFactory());
    }
    connection.setReadTimeout(30_000);
    connection.setDoOutput(true);
    connection.getOutputStream().write(Outgoing.CHAT_STREAM.getBytes("US-ASCII"));
    return connection;
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void disconnectEndsTheWaitForAnAnswer(String scheme) throws Exception {
    try (FakeProvider provider = provider(scheme)) {
      provider.answer(Answer.silence(), Answer.silence());
      HttpURLConnection connection = post(provider);
      Future<Throwable> thrown = reader.submit(() -> failureOf(connection::getResponseCode));
      provider.takeRequest();
      connection.disconnect();
      assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
      assertThat(provider.requests()).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http", "https"})
  void disconnectEndsTheWaitForMoreOfTheBody(String scheme) throws Exception {
    try (FakeProvider provider = provider(scheme)) {
      provider.answer(Answer.events().event(CannedAnswers.content("one")).stall());
      HttpURLConnection connection = post(provider);
      InputStream body = connection.getInputStream();
      CountDownLatch readOnce = new CountDownLatch(1);
      Future<Throwable> thrown =
          reader.submit(
              () -> {
                body.read(new byte[10_000]);
                readOnce.countDown();
                return failureOf(() -> Programs.text(body));
              });
      readOnce.await();
      connection.disconnect();
      assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(IOException.class);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
    }
  }

  @Test
  void aCallThatEndedCanBeDisconnectedWithoutHarmToTheNext() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      HttpURLConnection ended = post(provider);
      Programs.text(ended.getInputStream());
      HttpURLConnection next = post(provider);
      InputStream body = next.getInputStream();
      ended.disconnect();
      assertThat(Programs.text(body)).isEqualTo(CannedAnswers.CHAT);
    }
  }

  private static Throwable failureOf(Programs.Step step) {
    try {
      return new AssertionError("no failure, but " + step.run());
    } catch (Exception failure) {
      return failure;
    }
  }
}
