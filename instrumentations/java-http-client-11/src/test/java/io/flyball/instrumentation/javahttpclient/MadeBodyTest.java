package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A body may be made while it is sent, whatever its publisher says of its length: whoever feeds it
 * does so as on a path that is not governed, after {@code sendAsync} has returned or beside {@code
 * send}.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MadeBodyTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";
  private static final String[] BOTH = {OWN, GOVERNED};
  private static final byte[] ASKED = Outgoing.CHAT.getBytes(UTF_8);
  private static final int MANY_PIECES = 60_000;

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(MadeBodyTest::daemon);

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private static Thread daemon(Runnable work) {
    Thread thread = new Thread(work, "made-body-test");
    thread.setDaemon(true);
    return thread;
  }

  /** How a publisher waits for what it is fed. */
  enum Made {
    WHILE_A_STREAM_IS_READ {
      @Override
      Feed feed() {
        PipedOutputStream end = new PipedOutputStream();
        PipedInputStream pipe;
        try {
          pipe = new PipedInputStream(end);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
        return new Feed(
            BodyPublishers.ofInputStream(() -> pipe),
            () -> {
              try (end) {
                end.write(ASKED);
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
      }
    },
    WHILE_IT_IS_ASKED_FOR {
      @Override
      Feed feed() {
        CountDownLatch fed = new CountDownLatch(1);
        return new Feed(
            subscriber -> new InPieces(ASKED, ASKED.length, fed).subscribe(subscriber),
            fed::countDown);
      }
    },
    WHILE_IT_IS_SUBSCRIBED_TO {
      @Override
      Feed feed() {
        CountDownLatch fed = new CountDownLatch(1);
        return new Feed(
            subscriber -> {
              await(fed);
              new InPieces(ASKED, ASKED.length, new CountDownLatch(0)).subscribe(subscriber);
            },
            fed::countDown);
      }
    },
    BY_ANOTHER_THREAD {
      @Override
      Feed feed() {
        SubmissionPublisher<ByteBuffer> source = new SubmissionPublisher<>();
        return new Feed(
            source,
            () -> {
              Awaitility.await().until(source::hasSubscribers);
              source.submit(ByteBuffer.wrap(ASKED));
              source.close();
            });
      }
    };

    abstract Feed feed();
  }

  private static final class Feed {
    private final Flow.Publisher<ByteBuffer> publisher;
    private final Runnable feeding;

    Feed(Flow.Publisher<ByteBuffer> publisher, Runnable feeding) {
      this.publisher = publisher;
      this.feeding = feeding;
    }

    BodyPublisher body(boolean known) {
      return known
          ? BodyPublishers.fromPublisher(publisher, ASKED.length)
          : BodyPublishers.fromPublisher(publisher);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives each piece within the request for it, as the first examples of a publisher do. */
  private static final class InPieces implements Flow.Publisher<ByteBuffer> {
    private final byte[] bytes;
    private final int piece;
    private final CountDownLatch fed;

    InPieces(byte[] bytes, int piece, CountDownLatch fed) {
      this.bytes = bytes;
      this.piece = piece;
      this.fed = fed;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      subscriber.onSubscribe(
          new Flow.Subscription() {
            private int from;

            @Override
            public void request(long n) {
              await(fed);
              for (long i = 0; i < n && from < bytes.length; i++) {
                int length = Math.min(piece, bytes.length - from);
                ByteBuffer next = ByteBuffer.wrap(bytes, from, length);
                from += length;
                boolean last = from == bytes.length;
                subscriber.onNext(next);
                if (last) {
                  subscriber.onComplete();
                }
              }
            }

            @Override
            public void cancel() {}
          });
    }
  }

  /** The executors that an application may give its client. */
  enum On {
    NONE,
    CALLER,
    ONE_THREAD;

    /**
     * Where the caller's thread is the executor, the JDK itself makes the body on it when the
     * connection stands before it looks, and on its selector's thread otherwise.
     */
    boolean returnsBeforeItIsFed() {
      return this != CALLER;
    }

    HttpClient client() {
      HttpClient.Builder client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
      if (this == CALLER) {
        client.executor(Runnable::run);
      } else if (this == ONE_THREAD) {
        client.executor(Executors.newSingleThreadExecutor(MadeBodyTest::daemon));
      }
      return client.build();
    }
  }

  private static HttpRequest.Builder request(
      FakeProvider provider, String path, BodyPublisher body) {
    return HttpRequest.newBuilder(URI.create(provider.url() + path))
        .header("Content-Type", "application/json")
        .POST(body);
  }

  static Stream<Arguments> ways() {
    List<Arguments> all = new ArrayList<>();
    for (Made made : Made.values()) {
      for (boolean known : new boolean[] {true, false}) {
        for (On on : On.values()) {
          all.add(Arguments.of(made, known, on));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isFedAfterSendAsyncHasReturned(Made made, boolean known, On on) throws Exception {
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        Feed feed = made.feed();
        HttpRequest request = request(provider, path, feed.body(known)).build();
        HttpClient client = on.client();
        CompletableFuture<CompletableFuture<HttpResponse<String>>> returned =
            CompletableFuture.supplyAsync(
                () -> client.sendAsync(request, BodyHandlers.ofString()), THREADS);
        if (on.returnsBeforeItIsFed()) {
          assertThat(returned).as("%s returns", path).succeedsWithin(10, TimeUnit.SECONDS);
        }
        feed.feeding.run();
        HttpResponse<String> response =
            returned.get(10, TimeUnit.SECONDS).get(10, TimeUnit.SECONDS);
        assertThat(response.body()).isEqualTo(CannedAnswers.CHAT);
        assertThat(provider.takeRequest().body()).isEqualTo(ASKED);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void isFedBesideSend(Made made, boolean known, On on) throws Exception {
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        Feed feed = made.feed();
        HttpRequest request = request(provider, path, feed.body(known)).build();
        HttpClient client = on.client();
        Executor later = CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS, THREADS);
        later.execute(feed.feeding);
        assertThat(client.send(request, BodyHandlers.ofString()).body())
            .isEqualTo(CannedAnswers.CHAT);
        assertThat(provider.takeRequest().body()).isEqualTo(ASKED);
      }
    }
  }

  @Test
  void doesNotWaitOnTheThreadsOfTheCommonPool() throws Exception {
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        HttpClient client = On.NONE.client();
        List<Feed> feeds = new ArrayList<>();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < ForkJoinPool.getCommonPoolParallelism() + 2; i++) {
          Feed feed = Made.WHILE_A_STREAM_IS_READ.feed();
          feeds.add(feed);
          HttpRequest request = request(provider, path, feed.body(i % 2 == 0)).build();
          answers.add(client.sendAsync(request, BodyHandlers.ofString()));
        }
        for (Feed feed : feeds) {
          ForkJoinPool.commonPool().submit(feed.feeding).get(10, TimeUnit.SECONDS);
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
          assertThat(answer.get(10, TimeUnit.SECONDS).statusCode()).isEqualTo(200);
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void theTimeForAHeadIsOverAlsoWhileNothingIsMade(boolean async, boolean known) throws Exception {
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        CountDownLatch cancelled = new CountDownLatch(1);
        Feed never =
            new Feed(
                subscriber ->
                    subscriber.onSubscribe(
                        new Flow.Subscription() {
                          @Override
                          public void request(long n) {}

                          @Override
                          public void cancel() {
                            cancelled.countDown();
                          }
                        }),
                () -> {});
        HttpRequest request =
            request(provider, path, never.body(known)).timeout(Duration.ofMillis(200)).build();
        HttpClient client = On.NONE.client();
        Throwable thrown =
            catchThrowable(
                () -> {
                  if (async) {
                    client.sendAsync(request, BodyHandlers.ofString()).get(10, TimeUnit.SECONDS);
                  } else {
                    client.send(request, BodyHandlers.ofString());
                  }
                });
        assertThat(thrown instanceof ExecutionException ? thrown.getCause() : thrown)
            .as(path)
            .isExactlyInstanceOf(HttpTimeoutException.class)
            .hasMessage("request timed out");
        assertThat(cancelled.await(10, TimeUnit.SECONDS)).as("%s is cancelled", path).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"true", "false"})
  void anInterruptionEndsSendWhilePublishersWait(boolean known) throws Exception {
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        Feed feed = Made.WHILE_A_STREAM_IS_READ.feed();
        HttpRequest request = request(provider, path, feed.body(known)).build();
        HttpClient client = On.NONE.client();
        Thread me = Thread.currentThread();
        CompletableFuture.delayedExecutor(200, TimeUnit.MILLISECONDS, THREADS)
            .execute(me::interrupt);
        Throwable thrown = catchThrowable(() -> client.send(request, BodyHandlers.ofString()));
        assertThat(thrown).as(path).isExactlyInstanceOf(InterruptedException.class);
        assertThat(Thread.interrupted()).isFalse();
        feed.feeding.run();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void mayComeInMorePiecesThanTheStackIsDeep(boolean async, boolean known) throws Exception {
    StringBuilder text = new StringBuilder(Outgoing.CHAT);
    while (text.length() < MANY_PIECES) {
      text.append(' ');
    }
    byte[] large = text.toString().getBytes(UTF_8);
    for (String path : BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        Flow.Publisher<ByteBuffer> pieces = new InPieces(large, 1, new CountDownLatch(0));
        HttpRequest request =
            request(
                    provider,
                    path,
                    known
                        ? BodyPublishers.fromPublisher(pieces, large.length)
                        : BodyPublishers.fromPublisher(pieces))
                .build();
        HttpClient client = On.NONE.client();
        HttpResponse<String> response =
            async
                ? client.sendAsync(request, BodyHandlers.ofString()).get(30, TimeUnit.SECONDS)
                : client.send(request, BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(provider.takeRequest().body()).isEqualTo(large);
      }
    }
  }
}
