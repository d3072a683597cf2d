package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What no attempt makes better ends as it does on a path that is not governed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FailuresAsBareTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";
  private static final String[] BOTH = {OWN, GOVERNED};

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new HttpUrlConnectionInstrumentation())
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private static HttpURLConnection chat(String url) throws IOException {
    HttpURLConnection connection = (HttpURLConnection) new URL(url).openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    return connection;
  }

  /** Of a whole exchange. */
  private static Throwable failure(HttpURLConnection connection) {
    return catchThrowable(
        () -> {
          try (OutputStream out = connection.getOutputStream()) {
            out.write(Outgoing.CHAT.getBytes(UTF_8));
          }
          connection.getInputStream().close();
        });
  }

  private static String told(Throwable failure) {
    return failure.getClass().getName() + ": " + failure.getMessage().replace(OWN, GOVERNED);
  }

  @Test
  void aRefusedConnection() throws Exception {
    for (String path : BOTH) {
      assertThat(failure(chat("http://127.0.0.1:" + RefusedPort.number() + path)))
          .isExactlyInstanceOf(ConnectException.class);
    }
  }

  @Test
  void whoIsNotTrusted() throws Exception {
    List<String> told = new ArrayList<>();
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.startTls()) {
        told.add(told(failure(chat(provider.url() + path))));
        assertThat(provider.connections()).hasSize(1);
      }
    }
    assertThat(told.get(1)).isEqualTo(told.get(0)).contains("SSLHandshakeException");
  }

  @Test
  void redirectsForEver() throws Exception {
    List<String> told = new ArrayList<>();
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(
            Collections.nCopies(80, Answer.of(302, "", "location", "/v1/elsewhere"))
                .toArray(new Answer[0]));
        HttpURLConnection connection = chat(provider.url() + path);
        told.add(
            told(failure(connection))
                + ' '
                + catchThrowable(connection::getResponseCode).getMessage()
                + ' '
                + connection.getURL().getPath()
                + ' '
                + provider.requests().size());
      }
    }
    assertThat(told.get(1)).isEqualTo(told.get(0)).contains("redirected too many");
  }
}
