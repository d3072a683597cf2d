package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * An interruption ends {@code send} as on a path that is not governed, whatever of the
 * application's own waits meanwhile; that is not interrupted.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptedSendTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  private final HttpClient client = HttpClient.newHttpClient();

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  /** What waits: for bytes that never come, or until it is told to go on. */
  enum Waits {
    MAPPED_STREAM {
      @Override
      BodyHandler<?> handler(Told told) {
        BodyHandler<Integer> mapping =
            head -> BodySubscribers.mapping(BodySubscribers.ofInputStream(), told::read);
        return mapping;
      }
    },
    HANDLER {
      @Override
      BodyHandler<?> handler(Told told) {
        BodyHandler<String> slow =
            head -> {
              told.await();
              return BodySubscribers.ofString(UTF_8);
            };
        return slow;
      }
    },
    SUBSCRIBER {
      @Override
      BodyHandler<?> handler(Told told) {
        BodyHandler<String> own = head -> new Slow(told);
        return own;
      }
    },
    CONSUMER {
      @Override
      BodyHandler<?> handler(Told told) {
        return BodyHandlers.ofByteArrayConsumer(bytes -> told.await());
      }
    },
    ADAPTED_SUBSCRIBER {
      @Override
      BodyHandler<?> handler(Told told) {
        return BodyHandlers.fromSubscriber(new Slow(told));
      }
    },
    NOTHING {
      @Override
      BodyHandler<?> handler(Told told) {
        return BodyHandlers.ofString();
      }
    };

    abstract BodyHandler<?> handler(Told told);
  }

  /** What became of that which waited. */
  private static final class Told {
    private final CountDownLatch waiting = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final CompletableFuture<String> ended = new CompletableFuture<>();

    void await() {
      waiting.countDown();
      try {
        goOn.await();
        ended.complete("told to go on");
      } catch (InterruptedException e) {
        ended.complete("interrupted");
        throw new IllegalStateException(e);
      }
    }

    int read(InputStream stream) {
      waiting.countDown();
      try {
        return stream.readAllBytes().length;
      } catch (IOException e) {
        ended.complete("failed");
        throw new UncheckedIOException(e);
      }
    }
  }

  private static final class Slow implements BodySubscriber<String> {
    private final Told told;

    Slow(Told told) {
      this.told = told;
    }

    @Override
    public CompletionStage<String> getBody() {
      return new CompletableFuture<>();
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      told.await();
    }

    @Override
    public void onError(Throwable failure) {}

    @Override
    public void onComplete() {}
  }

  private String interrupted(String path, Waits waits) throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(Answer.events().event(CannedAnswers.content("one")).stall());
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(provider.url() + path))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(Outgoing.CHAT_STREAM))
              .build();
      Told told = new Told();
      BodyHandler<?> handler = waits.handler(told);
      CompletableFuture<String> end = new CompletableFuture<>();
      Thread sending =
          new Thread(
              () -> {
                Throwable thrown = catchThrowable(() -> send(request, handler));
                end.complete(thrown.getClass().getName() + " " + Thread.interrupted());
              });
      sending.start();
      if (waits == Waits.NOTHING) {
        provider.takeRequest();
      } else {
        assertThat(told.waiting.await(10, TimeUnit.SECONDS)).isTrue();
      }
      sending.interrupt();
      String ended = end.get(10, TimeUnit.SECONDS);
      told.goOn.countDown();
      String what = waits == Waits.NOTHING ? "" : told.ended.get(10, TimeUnit.SECONDS);
      return ended + " " + what;
    }
  }

  private HttpResponse<?> send(HttpRequest request, BodyHandler<?> handler)
      throws IOException, InterruptedException {
    return client.send(request, handler);
  }

  @ParameterizedTest
  @EnumSource(Waits.class)
  void asWithoutUs(Waits waits) throws Exception {
    assertThat(interrupted(GOVERNED, waits))
        .isEqualTo(interrupted(OWN, waits))
        .startsWith("java.lang.InterruptedException false");
  }
}
