package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.wire.Headers;
import io.flyball.wire.Sending;
import io.flyball.wire.WireRequest;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What no provider ever got is paid to none, whoever ended the call. */
class NeverSentTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private static HttpRequest.Builder request(String url) {
    return HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Outgoing.CHAT));
  }

  private static boolean isBilled(int record) {
    await().until(() -> AGENT.records().size() > record);
    return AGENT.records().get(record).attempts().stream().anyMatch(one -> one.openEnded());
  }

  /** The client asks a body that is there how long it is. */
  @Test
  void whatHasNoBodyHasNoneInItsAttempts() {
    URI uri = URI.create("http://localhost/v1/chat/completions");
    HttpRequest application = HttpRequest.newBuilder(uri).build();
    WireRequest asked = new WireRequest("GET", uri, Headers.EMPTY, new byte[0]);
    AttemptRequest attempt =
        AttemptRequest.of(
            application,
            RequestBody.of(application, 100, false),
            asked,
            asked,
            true,
            Optional.empty(),
            false,
            Sending.UNHEARD);
    assertThat(attempt.bodyPublisher()).isEmpty();
  }

  @Test
  void aCallThatIsCancelledInItsHandshake() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      int before = AGENT.records().size();
      CompletableFuture<HttpResponse<String>> answer =
          HttpClient.newHttpClient()
              .sendAsync(
                  request("https://127.0.0.1:" + mute.getLocalPort()).build(),
                  BodyHandlers.ofString());
      mute.accept();
      answer.cancel(true);
      assertThat(isBilled(before)).isFalse();
    }
  }

  @Test
  void aCallWhoseTimeIsOverInItsHandshake() throws Exception {
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      int before = AGENT.records().size();
      HttpRequest request =
          request("https://127.0.0.1:" + mute.getLocalPort())
              .timeout(Duration.ofMillis(300))
              .build();
      assertThat(
              catchThrowable(
                  () -> HttpClient.newHttpClient().send(request, BodyHandlers.ofString())))
          .isInstanceOf(IOException.class);
      assertThat(isBilled(before)).isFalse();
    }
  }

  @Test
  void butACallThatIsCancelledBehindItsRequest() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(Answer.silence());
      int before = AGENT.records().size();
      CompletableFuture<HttpResponse<String>> answer =
          HttpClient.newHttpClient()
              .sendAsync(request(provider.url()).build(), BodyHandlers.ofString());
      await().until(() -> !provider.requests().isEmpty());
      answer.cancel(true);
      assertThat(isBilled(before)).isTrue();
    }
  }
}
