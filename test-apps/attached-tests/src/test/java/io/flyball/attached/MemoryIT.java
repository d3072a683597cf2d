package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts and answers of many megabytes in a small heap: what goes without us goes with us. */
class MemoryIT {
  private static final int MB = 1 << 20;

  @TempDir Path folder;

  /** The old garbage collectors where they can be had. */
  static Stream<Arguments> programs() {
    return TrafficClient.onEnough(8)
        .flatMap(
            clientAndJdk ->
                Stream.of(
                    with(clientAndJdk, "-Xmx256m", 4, 15, "whole", 0),
                    with(clientAndJdk, "-Xmx256m", 20, 15, "streamed", 15),
                    with(clientAndJdk, "-Xmx64m", 20, 15, "streamed", 0),
                    with(clientAndJdk, "-Xmx64m", 20, 0, "whole", 15)));
  }

  private static Arguments with(Arguments clientAndJdk, Object... more) {
    List<Object> all = new ArrayList<>(Arrays.asList(clientAndJdk.get()));
    all.addAll(Arrays.asList(more));
    return Arguments.of(all.toArray());
  }

  @ParameterizedTest(name = "{0} on {1} {2}: {3} tasks, {4} MB {5}, answers of {6} MB")
  @MethodSource("programs")
  void whatGoesWithoutUsGoesWithUs(
      TrafficClient client,
      Jdk jdk,
      String heap,
      int tasks,
      int megabytes,
      String how,
      int answerMegabytes)
      throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    String[] agent = TrafficClient.agent("govern", folder.resolve("events.jsonl"));
    List<String> outputs = new ArrayList<>();
    List<Map<Long, Integer>> received = new ArrayList<>();
    for (String[] arguments : Arrays.asList(new String[0], agent)) {
      try (Provider provider = new Provider(answerMegabytes * MB)) {
        JavaProcess program =
            client
                .program(
                    jdk,
                    "Heavy",
                    provider.url(),
                    Integer.toString(tasks),
                    "3",
                    Integer.toString(megabytes),
                    how)
                .jvm(heap)
                .jvm(arguments)
                .start()
                .await(4, TimeUnit.MINUTES);
        assertThat(program.exitCode()).as(program::describe).isZero();
        outputs.add(program.out());
        received.add(provider.received);
        if (arguments.length > 0) {
          assertThat(program.err()).doesNotContain("OutOfMemoryError");
        }
      }
    }
    assertThat(outputs.get(0)).as("it can be done").matches("\\{200 \\d+=" + tasks * 3 + "}\\s*");
    assertThat(outputs.get(1)).isEqualTo(outputs.get(0));
    assertThat(received.get(1)).as("every byte, and once").isEqualTo(received.get(0));
  }

  /** Takes what comes, keeps nothing but its length, and answers at length. */
  private static final class Provider implements AutoCloseable {
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpServer server;
    private final int answerBytes;

    /** How many requests were that long. */
    final Map<Long, Integer> received = new ConcurrentSkipListMap<>();

    Provider(int answerBytes) throws IOException {
      this.answerBytes = answerBytes;
      server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 100);
      server.setExecutor(threads);
      server.createContext("/", this::answer);
      server.start();
    }

    String url() {
      return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
      byte[] buffer = new byte[64 << 10];
      long length = 0;
      try (InputStream in = exchange.getRequestBody()) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          length += count;
        }
      }
      received.merge(length, 1, Integer::sum);
      exchange.getResponseHeaders().set("Content-Type", "application/json");
      exchange.sendResponseHeaders(200, 0);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(
            ("{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"gpt-4o-mini\",\"choices\":"
                    + "[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"")
                .getBytes(StandardCharsets.UTF_8));
        Arrays.fill(buffer, (byte) 'b');
        for (int written = 0; written < answerBytes; written += buffer.length) {
          out.write(buffer);
        }
        out.write(
            ("\"},\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9,"
                    + "\"completion_tokens\":1,\"total_tokens\":10}}")
                .getBytes(StandardCharsets.UTF_8));
      }
    }

    @Override
    public void close() {
      server.stop(0);
      threads.shutdownNow();
    }
  }
}
