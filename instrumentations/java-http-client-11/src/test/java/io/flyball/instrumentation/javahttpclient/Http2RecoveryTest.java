package io.flyball.instrumentation.javahttpclient;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many streams share an HTTP/2 connection, and one thread reads for all of them. While one that
 * broke off is asked for again and the answer does not come, the others go on.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class Http2RecoveryTest {
  private static final int HEALTHY = 4;
  private static final String DONE = "data: [DONE]\n\n";

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new JavaHttpClientInstrumentation())
          .with(Policies.builder().streamRecovery(StreamRecovery.SPLICE).build());

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Http2Server server;

  @BeforeEach
  void start() throws IOException {
    server = Http2Server.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    threads.shutdownNow();
    assertThat(AGENT.failures()).isEmpty();
  }

  private HttpRequest chat(String prompt) {
    return HttpRequest.newBuilder(URI.create(server.url() + "/v1/chat/completions"))
        .header("Content-Type", "application/json")
        .POST(
            BodyPublishers.ofString(
                "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\","
                    + "\"content\":\""
                    + prompt
                    + "\"}]}"))
        .build();
  }

  private static HttpClient client(ExecutorService executor) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_2)
            .sslContext(FakeProvider.trustingClient());
    if (executor != null) {
      builder.executor(executor);
    }
    return builder.build();
  }

  /**
   * How an application reads.
   *
   * @param got down once something of the body is in its hands
   */
  private CompletableFuture<String> read(
      HttpClient client, HttpRequest request, String how, CountDownLatch got) {
    if (how.equals("async")) {
      return client
          .sendAsync(request, noting(BodyHandlers.ofString(), got))
          .thenApply(response -> response.body());
    }
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            switch (how) {
              case "lines":
                try (Stream<String> lines =
                    client.send(request, noting(BodyHandlers.ofLines(), got)).body()) {
                  return lines.map(line -> line + "\n").collect(Collectors.joining());
                }
              case "stream":
                try (InputStream in =
                    client.send(request, noting(BodyHandlers.ofInputStream(), got)).body()) {
                  return new String(in.readAllBytes(), UTF_8);
                }
              default:
                return client.send(request, noting(BodyHandlers.ofString(), got)).body();
            }
          } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
          }
        },
        threads);
  }

  private static <T> BodyHandler<T> noting(BodyHandler<T> handler, CountDownLatch got) {
    return head -> {
      BodySubscriber<T> subscriber = handler.apply(head);
      return new BodySubscriber<T>() {
        @Override
        public CompletionStage<T> getBody() {
          return subscriber.getBody();
        }

        @Override
        public void onSubscribe(Flow.Subscription subscription) {
          subscriber.onSubscribe(subscription);
        }

        @Override
        public void onNext(List<ByteBuffer> buffers) {
          subscriber.onNext(buffers);
          got.countDown();
        }

        @Override
        public void onError(Throwable failure) {
          subscriber.onError(failure);
        }

        @Override
        public void onComplete() {
          subscriber.onComplete();
        }
      };
    };
  }

  private Http2Server.Exchange asked(String prompt, int times) {
    await().until(() -> ofPrompt(prompt).size() == times);
    return ofPrompt(prompt).get(times - 1);
  }

  private List<Http2Server.Exchange> ofPrompt(String prompt) {
    return server.exchanges().stream()
        .filter(exchange -> exchange.body().contains(prompt))
        .collect(Collectors.toList());
  }

  private static String event(String word) {
    return "data: " + CannedAnswers.content(word) + "\n\n";
  }

  @ParameterizedTest
  @CsvSource({
    "stream, RST_STREAM, false",
    "stream, END_STREAM, false",
    "stream, RST_STREAM, true",
    "string, RST_STREAM, false",
    "string, END_STREAM, true",
    "lines, RST_STREAM, false",
    "async, RST_STREAM, false",
    "async, END_STREAM, true"
  })
  void theOthersGoOnWhileOneIsAskedForAgain(String how, String cut, boolean ownExecutor)
      throws Exception {
    ExecutorService executor = ownExecutor ? Executors.newFixedThreadPool(2) : null;
    HttpClient client = client(executor);
    try {
      // The connection is there before anything shares it.
      CompletableFuture<String> first =
          read(client, chat("first"), "stream", new CountDownLatch(1));
      answer(asked("first", 1), "one ", "two ");
      assertThat(first.get(30, TimeUnit.SECONDS)).endsWith(DONE);

      List<CompletableFuture<String>> healthy = new ArrayList<>();
      for (int i = 0; i < HEALTHY; i++) {
        healthy.add(read(client, chat("healthy-" + i), how, new CountDownLatch(1)));
        Http2Server.Exchange exchange = asked("healthy-" + i, 1);
        exchange.head("text/event-stream");
        exchange.data(event("one "));
      }
      CountDownLatch got = new CountDownLatch(1);
      CompletableFuture<String> broken = read(client, chat("broken"), how, got);
      Http2Server.Exchange cutOff = asked("broken", 1);
      cutOff.head("text/event-stream");
      cutOff.data(event("one ") + event("two "));
      // What the client has not handed on when a stream is reset is lost.
      assertThat(got.await(20, TimeUnit.SECONDS)).isTrue();
      if (cut.equals("RST_STREAM")) {
        cutOff.reset();
      } else {
        cutOff.end();
      }
      Http2Server.Exchange again = asked("broken", 2);

      for (int i = 0; i < HEALTHY; i++) {
        Http2Server.Exchange exchange = asked("healthy-" + i, 1);
        exchange.data(event("two ") + DONE);
        exchange.end();
      }
      for (CompletableFuture<String> each : healthy) {
        assertThat(each.get(20, TimeUnit.SECONDS)).contains("one ").contains("two ").endsWith(DONE);
      }
      assertThat(broken).isNotDone();
      answer(again, "one ", "two ", "three ");
      assertThat(broken.get(20, TimeUnit.SECONDS))
          .isEqualTo(event("one ") + event("two ") + event("three ") + DONE);
      assertThat(server.connections()).isEqualTo(1);
    } finally {
      if (executor != null) {
        executor.shutdownNow();
      }
    }
  }

  private static void answer(Http2Server.Exchange exchange, String... words) throws IOException {
    exchange.head("text/event-stream");
    for (String word : words) {
      exchange.data(event(word));
    }
    exchange.data(DONE);
    exchange.end();
  }
}
