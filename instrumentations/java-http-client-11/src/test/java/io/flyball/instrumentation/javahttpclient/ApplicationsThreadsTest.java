package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is the application's own and is asked for an answer runs where it runs on a path that is not
 * governed: on threads of the client's executor, which may be of a class of the application's and
 * have its context; and everywhere with the context class loader that finds its classes.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ApplicationsThreadsTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";
  private static final String NOTHING = "nothing";

  /** Of the container that the application is in. */
  private static final ClassLoader CONTAINER =
      new URLClassLoader(new URL[0], ApplicationsThreadsTest.class.getClassLoader());

  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "application");
            thread.setDaemon(true);
            thread.setContextClassLoader(CONTAINER);
            return thread;
          });

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaHttpClientInstrumentation())
          .with(
              Policies.builder()
                  .retry(3, new Backoff(1, 1), new RetryBudget(1, 1000, TimeSource.SYSTEM))
                  .build());

  /** The application's, with its context. */
  private static final class Own extends Thread {
    Own(Runnable work) {
      super(work, "own");
      setDaemon(true);
      setContextClassLoader(CONTAINER);
    }
  }

  /** The executors that an application may give its client. */
  enum On {
    NONE {
      @Override
      Executor executor() {
        return null;
      }
    },
    POOL {
      @Override
      Executor executor() {
        return Executors.newCachedThreadPool(Own::new);
      }
    },
    ONE_THREAD {
      @Override
      Executor executor() {
        return Executors.newSingleThreadExecutor(Own::new);
      }
    },
    CALLER {
      @Override
      Executor executor() {
        return Runnable::run;
      }
    };

    abstract Executor executor();
  }

  /** What of the application's is asked for an answer; each tells where. */
  enum Asked {
    HANDLER {
      @Override
      BodyHandler<?> by(Set<String> where) {
        BodyHandler<String> own =
            head -> {
              tell("handler", where);
              return BodySubscribers.ofString(UTF_8);
            };
        return own;
      }
    },
    MAPPING {
      @Override
      BodyHandler<?> by(Set<String> where) {
        return mapping(BodySubscribers.ofString(UTF_8), text -> text, where);
      }
    },
    MAPPED_STREAM {
      @Override
      BodyHandler<?> by(Set<String> where) {
        return mapping(BodySubscribers.ofInputStream(), ApplicationsThreadsTest::read, where);
      }
    },
    SUBSCRIBER {
      @Override
      BodyHandler<?> by(Set<String> where) {
        BodyHandler<String> own = head -> new Telling(where);
        return own;
      }
    },
    ADAPTED {
      @Override
      BodyHandler<?> by(Set<String> where) {
        return BodyHandlers.fromSubscriber(new Telling(where));
      }
    },
    CONSUMER {
      @Override
      BodyHandler<?> by(Set<String> where) {
        return BodyHandlers.ofByteArrayConsumer(bytes -> tell("bytes", where));
      }
    };

    abstract BodyHandler<?> by(Set<String> where);
  }

  private static <T> BodyHandler<String> mapping(
      BodySubscriber<T> upstream, Function<T, String> by, Set<String> where) {
    return head ->
        BodySubscribers.mapping(
            upstream,
            body -> {
              tell("mapping", where);
              return by.apply(body);
            });
  }

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void tell(String what, Set<String> where) {
    Thread thread = Thread.currentThread();
    ClassLoader loader = thread.getContextClassLoader();
    where.add(
        what
            + (thread instanceof Own ? " on an own thread" : " elsewhere")
            + (loader == CONTAINER ? " in the container" : " outside"));
  }

  private static final class Telling implements BodySubscriber<String> {
    private final Set<String> where;
    private final CompletableFuture<String> whole = new CompletableFuture<>();

    Telling(Set<String> where) {
      this.where = where;
    }

    @Override
    public CompletionStage<String> getBody() {
      tell("asked", where);
      return whole;
    }

    @Override
    public void onSubscribe(Flow.Subscription subscription) {
      tell("subscribed", where);
      subscription.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      tell("bytes", where);
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
      tell("end", where);
      whole.complete("");
    }
  }

  static Stream<Arguments> ways() {
    List<Arguments> all = new ArrayList<>();
    for (On on : On.values()) {
      for (Asked asked : Asked.values()) {
        for (boolean async : new boolean[] {false, true}) {
          all.add(Arguments.of(on, asked, async));
        }
      }
    }
    return all.stream();
  }

  private static String ended(
      String path,
      On on,
      Asked asked,
      boolean async,
      boolean stream,
      Set<String> where,
      Answer... before)
      throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(before);
      provider.answer(stream ? CannedAnswers.chatStream(true) : CannedAnswers.chat());
      CompletableFuture<String> end = new CompletableFuture<>();
      THREADS.execute(
          () -> {
            HttpClient.Builder client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1);
            Executor executor = on.executor();
            if (executor != null) {
              client.executor(executor);
            }
            HttpRequest request =
                HttpRequest.newBuilder(URI.create(provider.url() + path))
                    .header("Content-Type", "application/json")
                    .timeout(Duration.ofSeconds(20))
                    .POST(BodyPublishers.ofString(stream ? Outgoing.CHAT_STREAM : Outgoing.CHAT))
                    .build();
            BodyHandler<?> handler = asked.by(where);
            try {
              int status =
                  async
                      ? client.build().sendAsync(request, handler).get().statusCode()
                      : client.build().send(request, handler).statusCode();
              end.complete(String.valueOf(status));
            } catch (IOException | InterruptedException | ExecutionException e) {
              end.complete(e.toString());
            }
          });
      return end.get(5, TimeUnit.SECONDS);
    } catch (TimeoutException waiting) {
      return NOTHING;
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void areTheClients(On on, Asked asked, boolean async) throws Exception {
    for (boolean stream : new boolean[] {false, true}) {
      Set<String> bare = new ConcurrentSkipListSet<>();
      if (ended(OWN, on, asked, async, stream, bare).equals(NOTHING)) {
        // It waits for what only its own thread could bring.
        continue;
      }
      for (int again = 0; again < 3; again++) {
        Set<String> governed = new ConcurrentSkipListSet<>();
        assertThat(ended(GOVERNED, on, asked, async, stream, governed)).isEqualTo("200");
        assertThat(governed).isEqualTo(bare);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("ways")
  void areTheClientsAlsoOnceItWasAskedAgain(On on, Asked asked, boolean async) throws Exception {
    Set<String> bare = new ConcurrentSkipListSet<>();
    if (ended(OWN, on, asked, async, false, bare).equals(NOTHING)) {
      return;
    }
    Set<String> governed = new ConcurrentSkipListSet<>();
    assertThat(ended(GOVERNED, on, asked, async, false, governed, Answer.of(503, "{}")))
        .isEqualTo("200");
    assertThat(governed).isEqualTo(bare);
  }

  private static OwnExecutor of(Executor executor) {
    return OwnExecutor.of(HttpClient.newBuilder().executor(executor).build());
  }

  @Test
  void workGoesOnWhereverTheExecutorIsNoUse() throws Exception {
    CountDownLatch free = new CountDownLatch(1);
    ExecutorService busy = Executors.newSingleThreadExecutor(Own::new);
    busy.execute(
        () -> {
          try {
            free.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    List<Executor> useless = new ArrayList<>();
    useless.add(Runnable::run);
    useless.add(busy);
    useless.add(
        task -> {
          throw new RejectedExecutionException("full");
        });
    for (Executor executor : useless) {
      CompletableFuture<Thread> ran = new CompletableFuture<>();
      of(executor).executeElsewhere(() -> ran.complete(Thread.currentThread()));
      assertThat(ran.get(10, TimeUnit.SECONDS).getName()).isEqualTo("flyball-http-client");
    }
    free.countDown();
  }

  @Test
  void aThreadOfTheExecutorThatGivesItWorkMayComeToItItself() throws Exception {
    ExecutorService one = Executors.newSingleThreadExecutor(Own::new);
    CompletableFuture<Thread> ran = new CompletableFuture<>();
    one.execute(() -> of(one).executeElsewhere(() -> ran.complete(Thread.currentThread())));
    assertThat(ran.get(10, TimeUnit.SECONDS)).isInstanceOf(Own.class);
  }

  @Test
  void nothingOfACallStaysOnAThread() throws Exception {
    HttpClient client = HttpClient.newHttpClient();
    for (int i = 0; i < 20; i++) {
      CompletableFuture<ClassLoader> during = new CompletableFuture<>();
      THREADS
          .submit(
              () ->
                  OwnExecutor.of(client)
                      .execute(
                          () -> during.complete(Thread.currentThread().getContextClassLoader())))
          .get(10, TimeUnit.SECONDS);
      assertThat(during.get(10, TimeUnit.SECONDS))
          .isSameAs(
              Runtime.version().feature() >= 19 ? ClassLoader.getSystemClassLoader() : CONTAINER);
    }
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("flyball-http-client")) {
        Awaitility.await()
            .until(
                () ->
                    !thread.isAlive()
                        || thread.getContextClassLoader() == ClassLoader.getSystemClassLoader());
      }
    }
  }
}
