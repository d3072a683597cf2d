package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.RepetitionContract;
import io.flyball.instrumentation.testing.provider.Answer;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionTest extends RepetitionContract {
  @RegisterExtension
  static final InProcessAgent AGENT = repeating(new JavaHttpClientInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new JdkClient(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return JdkClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return JdkClient.capabilities();
  }

  /** The client has no body to give then, be it for whichever handler. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aProxyThatLetsNobodyThroughIsTheAnswer(boolean async) throws Exception {
    List<String> told = new ArrayList<>();
    for (String path : new String[] {TWIN_PATH, PATH}) {
      provider.answer(Answer.of(407, "who are you", "Proxy-Authenticate", "Basic realm=\"p\""));
      HttpClient proxied =
          HttpClient.newBuilder()
              .proxy(ProxySelector.of(new InetSocketAddress("127.0.0.1", provider.port())))
              .build();
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("https://models.example.test" + path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(Outgoing.CHAT))
              .build();
      HttpResponse<String> response =
          async
              ? proxied.sendAsync(request, BodyHandlers.ofString()).get()
              : proxied.send(request, BodyHandlers.ofString());
      told.add(response.statusCode() + " " + response.body());
    }
    assertThat(told.get(1)).isEqualTo(told.get(0)).startsWith("407");
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void aFutureThatIsCancelledIsThatAndItsHandlerIsNotAsked() throws Exception {
    int before = AGENT.records().size();
    isDown();
    AtomicInteger handled = new AtomicInteger();
    CompletableFuture<HttpResponse<String>> answer =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(URI.create(provider.url() + PATH))
                    .header("Content-Type", "application/json")
                    .POST(BodyPublishers.ofString(Outgoing.CHAT))
                    .build(),
                head -> {
                  handled.incrementAndGet();
                  return BodySubscribers.ofString(UTF_8);
                });
    whenItWaits(() -> answer.cancel(true)).join();
    assertThatThrownBy(answer::join).isInstanceOf(CancellationException.class);
    await().until(() -> AGENT.records().size() == before + 1);
    assertThat(handled).hasValue(0);
    assertThat(provider.requests()).hasSize(1);
  }
}
