package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.instrumentation.testing.provider.Wire;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Streams through every client under the agent: nothing is held back, kept or made up. */
class StreamingIT {
  private static final byte[] EVENT = chunk("data: " + CannedAnswers.content("one") + "\n\n");
  private static final byte[] USAGE =
      chunk(
          "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1,"
              + "\"model\":\"gpt-4o-mini\",\"choices\":[],\"usage\":{\"prompt_tokens\":9,"
              + "\"completion_tokens\":10000,\"total_tokens\":10009}}\n\n");

  @TempDir Path folder;

  static Stream<Arguments> clientsAndJdks() {
    return TrafficClient.onEnough(8, 25);
  }

  static Stream<Arguments> clientsOnOneJdk() {
    return TrafficClient.onEnough(17);
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsOnOneJdk")
  void longStreamsPassInLittleMemory(TrafficClient client, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    for (String mode : List.of("govern", "observe")) {
      Path events = folder.resolve(mode + ".jsonl");
      try (FakeProvider provider = FakeProvider.start(0, StreamingIT::longStream)) {
        JavaProcess application =
            client
                .program(jdk, "Streams", provider.url(), "chunks-10000", "chunks-200000")
                .jvm("-Xmx32m")
                .jvm(TrafficClient.agent(mode, events))
                .start()
                .await(3, TimeUnit.MINUTES);

        assertThat(application.exitCode()).as(application::describe).isZero();
        assertThat(application.out())
            .as(application::describe)
            .contains("chunks-10000 events=" + (10_000 + lastEvents(provider, 0)))
            .contains("chunks-200000 events=" + (200_000 + lastEvents(provider, 1)));
        assertThat(CallEvents.read(events).all()).as(application::describe).hasSize(2);
        for (JsonNode event : CallEvents.read(events).all()) {
          assertThat(event.path("outcome").asText()).as(event::toString).isEqualTo("success");
          assertThat(event.path("usage_source").asText()).isEqualTo("reported");
          assertThat(event.path("output_tokens").asInt()).isEqualTo(10_000);
        }
      }
    }
  }

  /** The usage that was asked for on the application's behalf is not shown to it. */
  private static int lastEvents(FakeProvider provider, int request) {
    boolean asked = provider.requests().get(request).bodyText().contains("include_usage");
    return asked ? 1 : 2;
  }

  private static Answer longStream(RecordedRequest request) {
    int count = request.path().startsWith("/chunks-10000/") ? 10_000 : 200_000;
    int flushed = count == 10_000 ? 1 : 50;
    ByteArrayOutputStream some = new ByteArrayOutputStream();
    for (int i = 0; i < flushed; i++) {
      some.write(EVENT, 0, EVENT.length);
    }
    byte[] events = some.toByteArray();
    return Answer.events()
        .then(
            wire -> {
              for (int i = 0; i < count; i += flushed) {
                wire.write(events);
              }
            })
        .raw(USAGE)
        .event("[DONE]")
        .end();
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsAndJdks")
  void streamsAreHandedOnAtOnceAndMayEndEarly(TrafficClient client, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Script script = new Script();
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, script::answer);
        JavaProcess application =
            client
                .program(jdk, "Streams", provider.url(), Script.WAYS)
                .jvm("-Xmx32m")
                .jvm(TrafficClient.agent("govern", events))
                .start()) {
      awaitLine(application, "hand-on first event");
      script.secondEvent.open();
      awaitLine(application, "hand-on events=3 ");

      awaitLine(application, "leave-early left");
      assertThat(script.left().awaitClose()).as("the provider is told").isTrue();

      awaitLine(application, "cut-off first event");
      script.cut.open();

      awaitLine(application, "read-slowly pauses");
      Wire slowed = script.slowed();
      AtomicLong before = new AtomicLong(-1);
      await()
          .pollInterval(Duration.ofMillis(300))
          .until(() -> before.getAndSet(slowed.written()) == slowed.written());
      assertThat(slowed.written()).as("sent while nobody reads").isLessThan(Script.LARGE / 2);
      script.goOn.open();

      application.await(30, TimeUnit.SECONDS);
      assertThat(application.exitCode()).as(application::describe).isZero();
      assertThat(application.out())
          .as(application::describe)
          .containsPattern("cut-off events=2 characters=\\d+ java\\.(io|net)\\.\\w+Exception")
          .containsPattern("read-slowly events=\\d+ characters=\\d+\n");
    }
    assertThat(event(events, "hand-on", "outcome")).isEqualTo("success");
    assertThat(event(events, "leave-early", "outcome")).isEqualTo("cancelled");
    assertThat(event(events, "leave-early", "usage_source")).isEqualTo("partial");
    assertThat(Integer.parseInt(event(events, "leave-early", "output_tokens"))).isPositive();
    assertThat(event(events, "cut-off", "outcome")).isEqualTo("cut");
    assertThat(event(events, "read-slowly", "outcome")).isEqualTo("success");
  }

  private static void awaitLine(JavaProcess application, String start) {
    application.awaitLine(line -> line.startsWith(start), 30, TimeUnit.SECONDS);
  }

  private static String event(Path events, String way, String field) throws IOException {
    for (JsonNode event : CallEvents.read(events).all()) {
      if (event.path("request_model").asText().equals(way)) {
        return event.path(field).asText();
      }
    }
    throw new AssertionError("no event of " + way);
  }

  private static byte[] chunk(String text) {
    String length = Integer.toHexString(text.length());
    return (length + "\r\n" + text + "\r\n").getBytes(StandardCharsets.US_ASCII);
  }

  /** The provider's side of streams that wait for the test. */
  private static final class Script {
    static final String[] WAYS = {"hand-on", "leave-early", "cut-off", "read-slowly"};
    static final int LARGE = 48 << 20;

    final Gate secondEvent = new Gate();
    final Gate cut = new Gate();
    final Gate goOn = new Gate();
    private final BlockingQueue<Wire> left = new ArrayBlockingQueue<>(1);
    private final BlockingQueue<Wire> slowed = new ArrayBlockingQueue<>(1);

    Answer answer(RecordedRequest request) {
      switch (request.path().split("/")[1]) {
        case "hand-on":
          return Answer.events().raw(EVENT).gate(secondEvent).raw(EVENT).event("[DONE]").end();
        case "leave-early":
          return Answer.events().then(left::put).raw(EVENT).raw(EVENT).raw(EVENT).stall();
        case "cut-off":
          return Answer.events().raw(EVENT).raw(EVENT).gate(cut).close();
        case "read-slowly":
          return Answer.events().then(slowed::put).then(Script::writeLarge).event("[DONE]").end();
        default:
          return Answer.nothing().gate(goOn).raw(CONTINUE);
      }
    }

    Wire left() throws InterruptedException {
      return left.poll(30, TimeUnit.SECONDS);
    }

    Wire slowed() throws InterruptedException {
      return slowed.poll(30, TimeUnit.SECONDS);
    }

    private static void writeLarge(Wire wire) throws IOException {
      byte[] event = chunk("data: " + CannedAnswers.content("x".repeat(32 << 10)) + "\n\n");
      for (int written = 0; written < LARGE; written += event.length) {
        wire.write(event);
      }
    }

    private static final byte[] CONTINUE =
        "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok".getBytes(StandardCharsets.US_ASCII);
  }
}
