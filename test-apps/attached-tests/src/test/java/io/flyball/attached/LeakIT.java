package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.demo.CallEvents;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the application lets go of goes, and calls do not pile up. */
class LeakIT {
  private static final int DEPLOYED = 30;
  private static final int CLIENTS = 30;
  private static final int MAY_BE_LEFT = 2;
  private static final int REQUESTS = 2000;
  private static final int NO_GROWTH = REQUESTS / 10;

  @TempDir Path folder;

  static Stream<Jdk> jdks() {
    return Jdk.enough(8, 25).stream();
  }

  static Stream<Arguments> clientsModesAndJdks() {
    return Stream.concat(
        TrafficClient.onEnough(8).map(pair -> withMode(pair, "govern")),
        TrafficClient.onEnough(17).map(pair -> withMode(pair, "observe")));
  }

  private static Arguments withMode(Arguments clientAndJdk, String mode) {
    return Arguments.of(clientAndJdk.get()[0], mode, clientAndJdk.get()[1]);
  }

  static Stream<Arguments> clientsAndJdks() {
    return TrafficClient.onEnough(17);
  }

  @ParameterizedTest
  @MethodSource("jdks")
  void theLoaderOfAnUndeployedApplicationIsCollected(Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    try (FakeProvider provider = FakeProvider.start(0, LeakIT::answer)) {
      JavaProcess application =
          JavaProcess.on(jdk)
              .jvm(TrafficClient.agent("govern", events))
              .classPath(
                  Built.classPath("traffic"),
                  "com.example.traffic.WebApplications",
                  provider.url(),
                  String.valueOf(DEPLOYED),
                  String.valueOf(MAY_BE_LEFT))
              .start()
              .await(3, TimeUnit.MINUTES);

      assertThat(application.exitCode()).as(application::describe).isZero();
      assertThat(number(application, "deployed")).isEqualTo(DEPLOYED);
      assertThat(CallEvents.read(events).total().calls())
          .as(application::describe)
          .isEqualTo(2 * DEPLOYED);
      assertThat(number(application, "left"))
          .as(application::describe)
          .isLessThanOrEqualTo(MAY_BE_LEFT);
    }
  }

  @ParameterizedTest(name = "{0}, {1} on {2}")
  @MethodSource("clientsModesAndJdks")
  void manyCallsFitIntoASmallHeap(TrafficClient client, String mode, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    JavaProcess application = manyCalls(client, mode, jdk, events, "24m", REQUESTS, "let-go");

    assertThat(CallEvents.read(events).total().calls())
        .as(application::describe)
        .isEqualTo(CLIENTS + REQUESTS);
    assertThat(number(application, "clients left"))
        .as(application::describe)
        .isLessThanOrEqualTo(MAY_BE_LEFT);
    assertThat(number(application, "instances more"))
        .as(application::describe)
        .isLessThanOrEqualTo(NO_GROWTH);
  }

  /** The same measure sees one object for each call. */
  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clientsAndJdks")
  void whatAnApplicationKeepsIsSeenToGrow(TrafficClient client, Jdk jdk) throws Exception {
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path events = folder.resolve("events.jsonl");
    int requests = NO_GROWTH + NO_GROWTH / 2;
    JavaProcess application = manyCalls(client, "govern", jdk, events, "64m", requests, "keep");

    assertThat(number(application, "kept")).isEqualTo(requests);
    assertThat(number(application, "instances more"))
        .as(application::describe)
        .isGreaterThan(NO_GROWTH);
  }

  private static JavaProcess manyCalls(
      TrafficClient client,
      String mode,
      Jdk jdk,
      Path events,
      String heap,
      int requests,
      String letGoOrKeep)
      throws IOException {
    try (FakeProvider provider = FakeProvider.start(0, LeakIT::answer)) {
      JavaProcess application =
          client
              .program(
                  jdk,
                  "ManyCalls",
                  provider.url(),
                  String.valueOf(CLIENTS),
                  String.valueOf(MAY_BE_LEFT),
                  String.valueOf(requests),
                  "io.flyball",
                  String.valueOf(NO_GROWTH),
                  letGoOrKeep)
              .jvm("-Xmx" + heap)
              .jvm(TrafficClient.agent(mode, events))
              .start()
              .await(3, TimeUnit.MINUTES);
      assertThat(application.exitCode()).as(application::describe).isZero();
      return application;
    }
  }

  private static Answer answer(RecordedRequest request) {
    boolean stream = request.bodyText().contains("\"stream\":true");
    return stream ? CannedAnswers.chatStream(true) : CannedAnswers.chat();
  }

  private static int number(JavaProcess application, String label) {
    Matcher line =
        Pattern.compile("^" + label + " (-?\\d+)$", Pattern.MULTILINE).matcher(application.out());
    assertThat(line.find()).as(application::describe).isTrue();
    return Integer.parseInt(line.group(1));
  }
}
