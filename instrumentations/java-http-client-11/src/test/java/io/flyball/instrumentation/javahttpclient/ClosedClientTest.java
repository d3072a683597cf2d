package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The application ends its client, as it can since Java 21, while a call is under way. */
class ClosedClientTest {
  private static final long MINUTE = 60_000_000_000L;
  private static final String CALL = "/v1/chat/completions";
  private static final String NO_CALL = "/elsewhere";

  /** Runs when a call is about to wait for its next attempt. */
  private static volatile Runnable whenItWaits = () -> {};

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaHttpClientInstrumentation())
          .with(
              Policies.builder()
                  .retry(
                      RetrySettings.usual(3).withTime(MINUTE),
                      new Backoff(MINUTE / 2, MINUTE / 2, ClosedClientTest::partOfTheWait),
                      new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  private final HttpClient client = HttpClient.newHttpClient();
  private FakeProvider provider;

  private static double partOfTheWait() {
    whenItWaits.run();
    return 0;
  }

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Runtime.version().feature() >= 21, "no client can be ended before");
    assumeTrue(!InProcessAgent.attached(), "waits are ours");
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    whenItWaits = () -> {};
    if (provider != null) {
      provider.close();
      assertThat(AGENT.failures()).isEmpty();
    }
  }

  /** Those methods are not there for a compiler that is told of Java 11. */
  private static Object invoke(HttpClient client, String method) {
    try {
      return HttpClient.class.getMethod(method).invoke(client);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private boolean isTerminated() {
    return (Boolean) invoke(client, "isTerminated");
  }

  private HttpRequest request(String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create(provider.url() + path))
        .header("Content-Type", "application/json")
        .POST(body)
        .build();
  }

  private CompletableFuture<String> outcome(boolean async, String path, BodyPublisher body) {
    HttpRequest request = request(path, body);
    CompletableFuture<HttpResponse<String>> answer =
        async
            ? client.sendAsync(request, BodyHandlers.ofString())
            : CompletableFuture.supplyAsync(() -> sent(request), task -> new Thread(task).start());
    return answer.handle(
        (response, failure) ->
            failure == null
                ? response.statusCode() + " " + response.body()
                : told(failure instanceof CompletionException ? failure.getCause() : failure));
  }

  private HttpResponse<String> sent(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new CompletionException(e);
    }
  }

  private static String told(Throwable failure) {
    return failure.getClass().getName() + ": " + failure.getMessage();
  }

  /** It has taken the request; that its body comes later changes nothing. */
  @ParameterizedTest
  @CsvSource({"shutdown,true", "shutdown,false", "close,true", "close,false"})
  void aCallWhoseBodyIsStillMadeHasItsAnswer(String how, boolean async) throws Exception {
    provider.answer(Answer.json(200, CannedAnswers.CHAT));
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch made = new CountDownLatch(1);
    BodyPublisher slow =
        BodyPublishers.ofInputStream(
            () -> {
              asked.countDown();
              try {
                made.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
              return new ByteArrayInputStream(Outgoing.CHAT.getBytes(StandardCharsets.UTF_8));
            });
    CompletableFuture<String> answer = outcome(async, CALL, slow);
    asked.await();
    CompletableFuture<Void> ended =
        CompletableFuture.runAsync(() -> invoke(client, how), task -> new Thread(task).start());
    await()
        .until(
            () ->
                outcome(true, CALL, BodyPublishers.ofString(Outgoing.CHAT))
                    .join()
                    .endsWith("IOException: closed"));
    int sent = provider.requests().size();
    assertThat(outcome(async, NO_CALL, BodyPublishers.ofString(Outgoing.CHAT)).get())
        .endsWith("IOException: closed");
    assertThat(provider.requests()).hasSize(sent);
    assertThat(isTerminated()).isFalse();

    made.countDown();
    assertThat(answer.get()).isEqualTo("200 " + CannedAnswers.CHAT);
    ended.get();
    await().until(this::isTerminated);
    assertThat(provider.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCallThatWaitsToBeSentAgainIsSentAgain(boolean async) throws Exception {
    provider.answer(Answer.json(503, "{}"), Answer.json(200, CannedAnswers.CHAT));
    whenItWaits = () -> invoke(client, "shutdown");
    assertThat(outcome(async, CALL, BodyPublishers.ofString(Outgoing.CHAT)).get())
        .isEqualTo("200 " + CannedAnswers.CHAT);
    await().until(this::isTerminated);
    assertThat(provider.requests()).hasSize(2);
  }

  /** What the client says to our repetition is nothing that the application has to know. */
  @ParameterizedTest
  @CsvSource({"true,true", "true,false", "false,true", "false,false"})
  void whatCannotBeSentAgainEndsAsItFailed(boolean async, boolean answered) throws Exception {
    Answer failure = answered ? Answer.json(503, "down") : Answer.nothing().close();
    provider.answer(failure, failure);
    String bare = outcome(async, NO_CALL, BodyPublishers.ofString(Outgoing.CHAT)).get();
    whenItWaits = () -> invoke(client, "shutdownNow");
    assertThat(outcome(async, CALL, BodyPublishers.ofString(Outgoing.CHAT)).get()).isEqualTo(bare);
    assertThat(provider.requests()).hasSize(2);
  }

  @Test
  void aClientWithoutACallIsEndedAtOnce() {
    invoke(client, "close");
    assertThat(isTerminated()).isTrue();
  }
}
