package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscribers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The application's executor may be as small as the client can live with: a governed call gives it
 * nothing that the same call on a path that is not governed does not, and ends no worse whichever
 * task it refuses.
 */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ClientExecutorTest {
  private static final String GOVERNED = "/v1/chat/completions";
  private static final String OWN = "/v1/chat/completionz";

  /** More than a call of a few bytes has. */
  private static final int MOST_TASKS = 7;

  private static final String NOTHING = "nothing";
  private static final ExecutorService THREADS =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "client-executor-test");
            thread.setDaemon(true);
            return thread;
          });

  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JavaHttpClientInstrumentation());

  private static String read(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the application makes of its body. */
  enum Reading {
    STRING {
      @Override
      BodyHandler<?> handler() {
        return BodyHandlers.ofString();
      }
    },
    LINES {
      @Override
      BodyHandler<?> handler() {
        return BodyHandlers.ofLines();
      }
    },
    STREAM {
      @Override
      BodyHandler<?> handler() {
        return BodyHandlers.ofInputStream();
      }
    },
    /** Waits for the whole body where it is asked for its result. */
    READ_WHEN_ASKED {
      @Override
      BodyHandler<?> handler() {
        return head ->
            BodySubscribers.mapping(BodySubscribers.ofInputStream(), ClientExecutorTest::read);
      }
    };

    abstract BodyHandler<?> handler();

    static String text(Object body) {
      return body instanceof InputStream
          ? read((InputStream) body)
          : body instanceof Stream
              ? ((Stream<?>) body).map(String::valueOf).collect(Collectors.joining("\n"))
              : String.valueOf(body);
    }
  }

  /** Refuses one task, or none, and remembers the kinds of all. */
  private static final class Refusing implements Executor {
    private final int refused;
    private final AtomicInteger tasks = new AtomicInteger();
    private final List<String> kinds = new ArrayList<>();

    Refusing(int refused) {
      this.refused = refused;
    }

    @Override
    public void execute(Runnable task) {
      synchronized (kinds) {
        kinds.add(task.getClass().getName());
      }
      if (tasks.incrementAndGet() == refused) {
        throw new RejectedExecutionException("full");
      }
      THREADS.execute(task);
    }

    /** Those that do not depend on in how many pieces an answer comes. */
    int lasting() {
      synchronized (kinds) {
        return (int) kinds.stream().filter(kind -> !kind.contains("SequentialScheduler")).count();
      }
    }
  }

  private static String ended(
      String path, Executor executor, boolean stream, boolean async, boolean made, Reading reading)
      throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(stream ? CannedAnswers.chatStream(true) : CannedAnswers.chat());
      byte[] asked = (stream ? Outgoing.CHAT_STREAM : Outgoing.CHAT).getBytes(UTF_8);
      BodyPublisher body =
          made
              ? BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(asked))
              : BodyPublishers.ofByteArray(asked);
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(provider.url() + path))
              .version(HttpClient.Version.HTTP_1_1)
              .header("Content-Type", "application/json")
              .timeout(Duration.ofSeconds(1))
              .POST(body)
              .build();
      HttpClient client = HttpClient.newBuilder().executor(executor).build();
      CompletableFuture<String> end =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  HttpResponse<?> response =
                      async
                          ? client.sendAsync(request, reading.handler()).get()
                          : client.send(request, reading.handler());
                  return response.statusCode() + " " + Reading.text(response.body()).length();
                } catch (ExecutionException e) {
                  return e.getCause().getClass().getName();
                } catch (IOException | InterruptedException | RuntimeException e) {
                  return e.getClass().getName();
                }
              },
              THREADS);
      return end.get(3, TimeUnit.SECONDS);
    } catch (TimeoutException waiting) {
      return NOTHING;
    }
  }

  @ParameterizedTest
  @EnumSource(Reading.class)
  void isGivenNoMoreThanByTheClientItself(Reading reading) throws Exception {
    for (int i = 0; i < 16; i++) {
      boolean stream = (i & 1) != 0;
      boolean async = (i & 2) != 0;
      boolean made = (i & 4) != 0;
      Refusing bare = new Refusing(0);
      Refusing governed = new Refusing(0);
      String own = ended(OWN, bare, stream, async, made, reading);
      assertThat(ended(GOVERNED, governed, stream, async, made, reading)).isEqualTo(own);
      assertThat(governed.lasting())
          .as("stream %s, async %s, made %s: %s", stream, async, made, governed.kinds)
          .isLessThanOrEqualTo(bare.lasting());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, false",
    "true, false, false",
    "false, true, false",
    "true, true, false",
    "false, true, true",
    "true, true, true"
  })
  void endsNoWorseWhicheverTaskIsRefused(boolean stream, boolean async, boolean made)
      throws Exception {
    ended(GOVERNED, new Refusing(0), stream, async, made, Reading.STRING);
    for (int refused = 1; refused <= MOST_TASKS; refused++) {
      String worse = "";
      // Into how many tasks the client cuts the reading of an answer differs from call to call,
      // bare
      // or not; where one of those is refused after the head, the client waits for ever.
      for (int again = 0; again < 20 && worse != null; again++) {
        worse = worse(refused, stream, async, made);
      }
      assertThat(worse).isNull();
    }
  }

  /** How it ended worse than on a path that is not governed; null when it did not. */
  private static String worse(int refused, boolean stream, boolean async, boolean made)
      throws Exception {
    Reading reading = Reading.STRING;
    String governed = ended(GOVERNED, new Refusing(refused), stream, async, made, reading);
    if (governed.startsWith("200 ")) {
      return null;
    }
    String bare = ended(OWN, new Refusing(refused), stream, async, made, reading);
    boolean same = governed.equals(bare);
    // Since Java 21 it is one of two exceptions that comes first.
    boolean failed = !bare.startsWith("200 ") && !governed.equals(NOTHING);
    return same || bare.equals(NOTHING) || (failed && Runtime.version().feature() >= 21)
        ? null
        : "task " + refused + " refused: " + governed + " instead of " + bare;
  }
}
