package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code sendAsync} with a handler of pushes is a call, and what is pushed arrives as ever. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PushesTest {
  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaHttpClientInstrumentation())
          .unscripted()
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private static final String PATH = "/v1/chat/completions";
  private static final PushPromiseHandler<String> NONE = (initiating, promised, acceptor) -> {};

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private static HttpRequest request(String url) {
    return HttpRequest.newBuilder(URI.create(url))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Outgoing.CHAT))
        .build();
  }

  private static HttpClient http2() {
    return HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_2)
        .sslContext(FakeProvider.trustingClient())
        .build();
  }

  /** What the application gets, and whose request it is told of. */
  private static List<String> course(String path, boolean breaksFirst) throws Exception {
    List<String> seen = new ArrayList<>();
    try (Http2Server server = Http2Server.start()) {
      String url = server.url();
      HttpRequest request = request(url + path);
      ConcurrentMap<HttpRequest, CompletableFuture<HttpResponse<String>>> pushed =
          new ConcurrentHashMap<>();
      PushPromiseHandler<String> collecting =
          PushPromiseHandler.of(promised -> BodyHandlers.ofString(), pushed);
      List<Boolean> own = new ArrayList<>();
      CompletableFuture<HttpResponse<String>> answer =
          http2()
              .sendAsync(
                  request,
                  BodyHandlers.ofString(),
                  (initiating, promised, acceptor) -> {
                    own.add(initiating.equals(request));
                    collecting.applyPushPromise(initiating, promised, acceptor);
                  });
      int promised = 2;
      if (breaksFirst) {
        await().until(() -> !server.exchanges().isEmpty());
        push(server, url, 0, promised, "/first");
        server.exchanges().get(0).reset();
        promised += 2;
        await().until(() -> server.exchanges().size() > 1);
      } else {
        await().until(() -> !server.exchanges().isEmpty());
      }
      int last = server.exchanges().size() - 1;
      push(server, url, last, promised, "/a");
      push(server, url, last, promised + 2, "/b");
      server.exchanges().get(last).head("application/json");
      server.exchanges().get(last).data(CannedAnswers.CHAT);
      server.exchanges().get(last).end();

      seen.add(answer.get().body());
      seen.add("own " + new TreeSet<>(own));
      TreeSet<String> pushes = new TreeSet<>();
      for (HttpRequest each : pushed.keySet()) {
        pushes.add(each.uri().getPath() + " " + pushed.get(each).get(10, TimeUnit.SECONDS).body());
      }
      seen.addAll(pushes);
    }
    return seen;
  }

  private static void push(Http2Server server, String url, int exchange, int promised, String path)
      throws Exception {
    server
        .exchanges()
        .get(exchange)
        .push(promised, url.substring("https://".length()), path, "pushed" + path);
  }

  @Test
  void whatIsPushedArrivesAsEver() throws Exception {
    int before = AGENT.records().size();
    List<String> bare = course("/v1/chat/completionz", false);
    List<String> governed = course(PATH, false);

    assertThat(governed)
        .isEqualTo(bare)
        .containsExactly(CannedAnswers.CHAT, "own [true]", "/a pushed/a", "/b pushed/b");
    await().until(() -> AGENT.records().size() == before + 1);
  }

  @Test
  void ofSeveralAttemptsTheFirstThatPushesIsToldOf() throws Exception {
    assertThat(course(PATH, true))
        .containsExactly(CannedAnswers.CHAT, "own [true]", "/first pushed/first");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallThatFailsIsRepeated(boolean declares) throws Exception {
    int before = AGENT.records().size();
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(CannedAnswers.openAiError(503, "overloaded"));
      HttpRequest.BodyPublisher body = BodyPublishers.ofString(Outgoing.CHAT);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(provider.url() + PATH))
              .POST(declares ? body : BodyPublishers.fromPublisher(body))
              .build();
      HttpResponse<String> response =
          HttpClient.newHttpClient().sendAsync(request, BodyHandlers.ofString(), NONE).get();
      assertThat(response.body()).isEqualTo(CannedAnswers.CHAT);
      assertThat(response.headers().firstValue("x-flyball-attempts")).hasValue("2");
      assertThat(provider.requests()).hasSize(2);
    }
    await().until(() -> AGENT.records().size() == before + 1);
  }
}
