package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Who waits for a call that somebody else cancels is told as on a path that is not governed. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CancelledFuturesTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  private final HttpClient client = HttpClient.newHttpClient();

  private static HttpRequest stream(FakeProvider provider, String path) {
    return HttpRequest.newBuilder(URI.create(provider.url() + path))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(Outgoing.CHAT_STREAM))
        .build();
  }

  private static Answer begun() {
    return Answer.events().event(CannedAnswers.content("one")).stall();
  }

  /** The kinds of what it ended with, and the words that do not depend on the JDK. */
  private static String told(CompletableFuture<?> future) throws Exception {
    return future
        .handle(
            (value, thrown) -> {
              Throwable failure =
                  thrown instanceof CompletionException ? thrown.getCause() : thrown;
              return thrown == null
                  ? "a value"
                  : failure.getClass().getName()
                      + ": "
                      + failure.getMessage()
                      + " <- "
                      + failure.getCause().getClass().getName();
            })
        .get(30, TimeUnit.SECONDS);
  }

  private String othersAreTold(String path, Function<CompletableFuture<?>, CompletableFuture<?>> of)
      throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(begun());
      Spy spy = new Spy();
      CompletableFuture<HttpResponse<String>> answer =
          client.sendAsync(stream(provider, path), head -> spy);
      CompletableFuture<Integer> sibling = answer.thenApply(HttpResponse::statusCode);
      CompletableFuture<?> cancelled = of.apply(answer);
      spy.reading.await();
      assertThat(cancelled.cancel(true)).isTrue();
      assertThat(cancelled.isCompletedExceptionally()).isTrue();
      String told = told(answer) + ", " + told(sibling);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
      assertThat(provider.requests()).hasSize(1);
      return told;
    }
  }

  @Test
  void asOthersAreWhenAStageIsCancelled() throws Exception {
    assumeTrue(Runtime.version().feature() >= 16, "the client does not abort for a stage");
    List<Function<CompletableFuture<?>, CompletableFuture<?>>> stages = new ArrayList<>();
    stages.add(answer -> answer.thenApply(value -> 1));
    stages.add(answer -> answer.thenApply(value -> 1).thenRun(() -> {}));
    stages.add(answer -> answer.copy());
    for (Function<CompletableFuture<?>, CompletableFuture<?>> stage : stages) {
      assertThat(othersAreTold(GOVERNED, stage))
          .isEqualTo(othersAreTold(OWN, stage))
          .contains("java.util.concurrent.CancellationException: Request cancelled");
    }
  }

  @Test
  void whoReadsIsToldBeforeTheFuture() throws Exception {
    assumeTrue(Runtime.version().feature() >= 16, "the client does not abort for a stage");
    for (String path : new String[] {OWN, GOVERNED}) {
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(begun());
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        CompletableFuture<Void> read =
            client
                .sendAsync(stream(provider, path), BodyHandlers.ofInputStream())
                .thenAcceptAsync(
                    response -> {
                      try (InputStream in = response.body()) {
                        in.read();
                        reading.countDown();
                        in.readAllBytes();
                      } catch (IOException failure) {
                        thrown.complete(failure);
                      }
                    });
        reading.await();
        read.cancel(true);
        Throwable failure = thrown.get(30, TimeUnit.SECONDS);
        assertThat(failure).isExactlyInstanceOf(IOException.class).hasMessage("closed");
        if (path.equals(GOVERNED)) {
          assertThat(failure.getCause())
              .isExactlyInstanceOf(IOException.class)
              .hasMessage("Request cancelled");
        }
        assertThat(provider.connections().get(0).awaitClose()).isTrue();
      }
    }
  }

  @Test
  void nobodySetsWhatTheFutureSays() throws Exception {
    for (String path : new String[] {OWN, GOVERNED}) {
      try (FakeProvider provider = FakeProvider.start()) {
        CompletableFuture<HttpResponse<String>> answer =
            client.sendAsync(stream(provider, path), BodyHandlers.ofString());
        assertThatThrownBy(() -> answer.obtrudeValue(null))
            .isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> answer.obtrudeException(new IOException()))
            .isInstanceOf(UnsupportedOperationException.class);
        answer.get(30, TimeUnit.SECONDS);
      }
    }
  }

  /** A subscriber that says when it reads. */
  private static final class Spy implements BodySubscriber<String> {
    private final BodySubscriber<String> text = BodySubscribers.ofString(UTF_8);
    private final CountDownLatch reading = new CountDownLatch(1);

    @Override
    public CompletionStage<String> getBody() {
      return text.getBody();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      text.onSubscribe(subscription);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      text.onNext(buffers);
      reading.countDown();
    }

    @Override
    public void onError(Throwable failure) {
      text.onError(failure);
    }

    @Override
    public void onComplete() {
      text.onComplete();
    }
  }
}
