package io.flyball.engine.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnomalyMemoryTest {
  private final ManualTime clock = new ManualTime();
  private final List<String> notices = new ArrayList<>();
  private final List<Anomaly> told = new ArrayList<>();

  @TempDir Path folder;

  private Anomalies anomalies;
  private AnomalyMemory memory;

  private void start(Path data, long windowMillis) {
    anomalies =
        new Anomalies(
            clock,
            clock,
            Runnable::run,
            (place, failure) -> {
              throw new AssertionError(place, failure);
            });
    anomalies.apply(new AnomalySettings(4, windowMillis, 86_400_000, 1, 500_000, 0, 0));
    anomalies.listen(
        new AnomalyListener() {
          @Override
          public void began(Anomaly anomaly) {
            told.add(anomaly);
          }

          @Override
          public void ended(Anomaly anomaly) {}
        });
    memory = new AnomalyMemory(data, anomalies, clock, notices::add);
  }

  private void call() {
    RequestFacts request =
        RequestFacts.builder(SampleCalls.protocol("openai.chat"), Operation.CHAT, "openai").build();
    CallRecord record =
        CallRecord.builder("c", request)
            .attribution(new Attribution("acme", "f", "u", null, null, null))
            .outcome(Outcome.SUCCESS, 200, null)
            .costUsd(new BigDecimal("0.10"))
            .times(clock.epochNanos(), clock.epochNanos())
            .build();
    memory.callEnded(record);
    anomalies.callEnded(record);
  }

  private void calm(int hours) {
    for (int i = 0; i < hours * 30; i++) {
      call();
      clock.advance(2, TimeUnit.MINUTES);
    }
  }

  private void rush() {
    for (int i = 0; i < 120; i++) {
      call();
      clock.advance(1, TimeUnit.SECONDS);
    }
  }

  @Test
  void whatIsUsualOutlivesTheJvm() throws Exception {
    Path data = folder.resolve("data");
    start(data, 600_000);
    calm(48);
    memory.flush();
    assertThat(Files.exists(data.resolve("anomaly-history"))).isTrue();
    clock.advance(3, TimeUnit.HOURS);
    start(data, 600_000);
    rush();
    assertThat(told).as("tenant, feature and user").hasSize(3);
    assertThat(told.get(0).usual()).isBetween(0.4, 0.6);
    try (Stream<Path> files = Files.list(data)) {
      assertThat(files).hasSize(1);
    }
    assertThat(notices).isEmpty();
  }

  @Test
  void whatWasKeptInAnotherFolderBeforeIsGoneOnWith() {
    Path before = folder.resolve("Main");
    Path data = folder.resolve("com.shop.Main");
    start(before, 600_000);
    calm(48);
    memory.flush();
    start(data, 600_000);
    memory = new AnomalyMemory(data, before, anomalies, clock, notices::add);
    rush();
    memory.flush();
    assertThat(told).hasSize(3);
    assertThat(data.resolve("anomaly-history")).exists();
  }

  @Test
  void aJvmThatWasKilledIsRememberedAsOfAnHourBefore() {
    start(folder, 600_000);
    calm(48);
    start(folder, 600_000);
    rush();
    assertThat(told).hasSize(3);
  }

  @Test
  void whatWasLearntInOtherWindowsIsNotUsed() {
    start(folder, 600_000);
    calm(48);
    memory.flush();
    start(folder, 300_000);
    rush();
    assertThat(told).isEmpty();
    assertThat(notices).isEmpty();
  }

  @Test
  void aProgramThatEndsSoonLeavesNothing() {
    Path data = folder.resolve("data");
    start(data, 600_000);
    rush();
    memory.flush();
    assertThat(Files.exists(data)).isFalse();
  }

  @Test
  void whatIsBrokenIsToldAndLearntAnew() throws Exception {
    start(folder, 600_000);
    calm(26);
    memory.flush();
    Path file = folder.resolve("anomaly-history");
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(whole, whole.length / 2));
    start(folder, 600_000);
    rush();
    assertThat(told).isEmpty();
    assertThat(notices).hasSize(1);
    Files.write(file, "nonsense".getBytes(StandardCharsets.UTF_8));
    start(folder, 600_000);
    rush();
    assertThat(told).isEmpty();
  }

  @Test
  void whereNothingCanBeKeptItIsToldOnce() throws Exception {
    Path file = Files.write(folder.resolve("a-file"), new byte[1]);
    start(file.resolve("data"), 600_000);
    calm(5);
    memory.flush();
    assertThat(notices).hasSize(1);
  }
}
