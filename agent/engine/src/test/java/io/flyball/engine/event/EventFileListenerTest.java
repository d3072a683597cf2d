package io.flyball.engine.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.engine.ReportedErrors;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.SampleAnomalies;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.BudgetDecision;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Note;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.telemetry.SampleCalls;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EventFileListenerTest {
  private final AtomicLong now = new AtomicLong();
  private final List<String> reported = new ArrayList<>();
  private final TimeSource time =
      new TimeSource() {
        @Override
        public long nanoTime() {
          return now.get();
        }

        @Override
        public long epochNanos() {
          return now.get();
        }
      };

  @TempDir Path folder;

  @Test
  void saysWhenTheLastGoodAnswerWasGiven() throws IOException {
    Path file = folder.resolve("events.jsonl");
    EventFileListener listener = listener(file, 1_000_000);
    CallJournal journal = new CallJournal();
    journal.fellBack("api.openai.com", "cache", "error");
    listener.callEnded(SampleCalls.answered().journal(journal).build());
    listener.callEnded(SampleCalls.answered().traceId("0af7").build());

    List<String> lines = Files.readAllLines(file);
    assertThat(lines.get(0)).contains("\"cache\":\"hit\"").doesNotContain("trace_id");
    assertThat(lines.get(1)).doesNotContain("\"cache\"").contains("\"trace_id\":\"0af7\"");
  }

  @Test
  void writesOneObjectPerCall() throws IOException {
    Path file = folder.resolve("logs/events.jsonl");
    EventFileListener listener = listener(file, 1_000_000);
    listener.callEnded(
        SampleCalls.answered()
            .traceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .promptHash("abc")
            .build());
    listener.callEnded(SampleCalls.failed(429, "rate_limit").build());

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    JsonNode event = new ObjectMapper().readTree(lines.get(0));
    assertThat(event.get("ts").asText()).isEqualTo("2026-11-21T10:00:00Z");
    assertThat(event.get("call_id").asText()).isEqualTo("call-1");
    assertThat(event.get("trace_id").asText()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(event.get("service").asText()).isEqualTo("shop");
    assertThat(event.get("feature").asText()).isEqualTo("search");
    assertThat(event.get("user_hash").asText()).isEqualTo("u-1");
    assertThat(event.get("input_tokens").asLong()).isEqualTo(2_006);
    assertThat(event.get("cached_input_tokens").asLong()).isEqualTo(1_920);
    assertThat(event.get("usage_source").asText()).isEqualTo("reported");
    assertThat(lines.get(0)).contains("\"cost_usd\":0.005615,");
    assertThat(event.get("latency_ms").asDouble()).isEqualTo(2_000);
    assertThat(event.get("ttft_ms").asDouble()).isEqualTo(500);
    assertThat(event.get("finish_reason").asText()).isEqualTo("stop");
    assertThat(event.get("status").asInt()).isEqualTo(200);
    assertThat(event.has("error_type")).isFalse();
    assertThat(event.has("input")).isFalse();
    JsonNode failed = new ObjectMapper().readTree(lines.get(1));
    assertThat(failed.get("error_type").asText()).isEqualTo("rate_limit");
    assertThat(failed.has("input_tokens")).isFalse();
    assertThat(failed.has("cost_usd")).isFalse();
    assertThat(failed.has("tenant")).isFalse();
  }

  @Test
  void anAnomalyIsToldFromACall() throws IOException {
    Path file = folder.resolve("events.jsonl");
    EventFileListener listener = listener(file, 1_000_000);
    Anomaly anomaly = SampleAnomalies.spending("acme");
    listener.began(anomaly);
    listener.callEnded(SampleCalls.answered().build());
    listener.ended(SampleAnomalies.ended(anomaly));

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(3);
    assertThat(lines.get(0)).startsWith("{\"event\":\"anomaly\",\"ts\":\"2026-11-18T");
    assertThat(lines.get(1)).doesNotContain("\"event\"");
    JsonNode ended = new ObjectMapper().readTree(lines.get(2));
    assertThat(ended.get("state").asText()).isEqualTo("ended");
    assertThat(ended.get("spent_in_all").asLong()).isEqualTo(60);
    assertThat(ended.has("call_id")).isFalse();
  }

  @Test
  void anAlertIsToldFromACall() throws IOException {
    Path file = folder.resolve("events.jsonl");
    Alerts alerts = new Alerts(TimeSource.SYSTEM, Runnable::run, new ReportedErrors());
    alerts.listen(listener(file, 1_000_000));
    SampleAlerts.spend(alerts, "acme", "0.85");
    SampleAlerts.grow(alerts, "search");

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0)).startsWith("{\"event\":\"budget\",\"ts\":\"");
    assertThat(lines.get(1)).startsWith("{\"event\":\"prompt-growth\",\"ts\":\"");
    assertThat(lines).noneMatch(line -> line.contains("call_id"));
  }

  @Test
  void tellsRetriesFromFallbacks() throws IOException {
    CallRecord record =
        SampleCalls.answered()
            .attempts(
                Arrays.asList(
                    SampleCalls.attempt(1, 503, Outcome.ERROR, "503"),
                    SampleCalls.attempt(2, 503, Outcome.ERROR, "503"),
                    AttemptRecord.builder(3, "backup", "b.test", 443)
                        .outcome(Outcome.SUCCESS, 200, null)
                        .delivered(true)
                        .build()))
            .build();

    JsonNode event = new ObjectMapper().readTree(new CallJson(null).bytes(record));

    assertThat(event.get("attempts").asInt()).isEqualTo(3);
    assertThat(event.get("retries").asInt()).isEqualTo(1);
    assertThat(event.get("target").asText()).isEqualTo("backup");
    assertThat(event.get("fallback_from").asText()).isEqualTo("api.openai.com");
    assertThat(event.get("fallback_reason").asText()).isEqualTo("503");
    assertThat(event.has("service")).isFalse();
  }

  @Test
  void tellsThatAHedgeWasFasterAndWhichTargetCouldNotBeAsked() throws IOException {
    CallJournal journal = new CallJournal();
    journal.hedged("backup");
    journal.notCarried("claude", "several choices");
    CallRecord record =
        SampleCalls.answered()
            .journal(journal)
            .attempts(
                Arrays.asList(
                    AttemptRecord.builder(1, "127.0.0.1", "127.0.0.1", 8081)
                        .outcome(Outcome.CANCELLED, 0, "java.util.concurrent.CancellationException")
                        .build(),
                    AttemptRecord.builder(2, "backup", "b.test", 443)
                        .outcome(Outcome.SUCCESS, 200, null)
                        .delivered(true)
                        .build()))
            .build();

    JsonNode event = new ObjectMapper().readTree(new CallJson(null).bytes(record));

    assertThat(event.get("fallback_from").asText()).isEqualTo("127.0.0.1:8081");
    assertThat(event.get("fallback_reason").asText()).isEqualTo("hedge");
    assertThat(event.get("fallback_skipped").asText()).isEqualTo("claude: several choices");
  }

  @Test
  void tellsWhatThePoliciesMadeOfIt() throws IOException {
    CallJournal journal = new CallJournal();
    journal.waitedForLimit(250_000_000);
    journal.budgeted(BudgetDecision.DEGRADE);
    journal.budgeted(BudgetDecision.ALLOW);
    journal.note(Note.word("breaker"), "open");
    journal.note(Note.sum("cups"), 3L);
    journal.note(Note.flag("hot"), true);
    journal.note(Note.amount("litres"), 0.5);

    JsonNode event =
        new ObjectMapper()
            .readTree(new CallJson(null).bytes(SampleCalls.answered().journal(journal).build()));

    assertThat(event.get("limit_wait_ms").asInt()).isEqualTo(250);
    assertThat(event.get("budget_decision").asText()).isEqualTo("degrade");
    assertThat(event.get("breaker").asText()).isEqualTo("open");
    assertThat(event.get("cups").asLong()).isEqualTo(3);
    assertThat(event.get("hot").asBoolean()).isTrue();
    assertThat(event.get("litres").asDouble()).isEqualTo(0.5);
    JsonNode other =
        new ObjectMapper().readTree(new CallJson(null).bytes(SampleCalls.answered().build()));
    assertThat(other.has("limit_wait_ms")).isFalse();
    assertThat(other.has("budget_decision")).isFalse();
    assertThat(other.has("breaker")).isFalse();
  }

  @Test
  void rollsBySize() throws IOException {
    Path file = folder.resolve("events.jsonl");
    int line = new CallJson("shop").bytes(SampleCalls.answered().build()).length + 1;
    EventFileListener listener = listener(file, 2L * line);
    for (int i = 0; i < 9; i++) {
      listener.callEnded(SampleCalls.answered().build());
    }

    assertThat(Files.readAllLines(file)).hasSize(1);
    assertThat(Files.readAllLines(folder.resolve("events.jsonl.1"))).hasSize(2);
    assertThat(Files.readAllLines(folder.resolve("events.jsonl.2"))).hasSize(2);
    assertThat(folder.resolve("events.jsonl.3")).doesNotExist();
  }

  /** Standard output, say, as {@code /dev/stdout} is a link to what it is redirected to. */
  @Test
  void onlyAFileOfItsOwnRolls() throws IOException {
    assumeThat(Paths.get("/proc/self/fd")).exists();
    Path output = folder.resolve("output");
    try (OutputStream open = Files.newOutputStream(output)) {
      open.write("no line".getBytes(StandardCharsets.UTF_8));
      Path descriptor = null;
      try (DirectoryStream<Path> descriptors =
          Files.newDirectoryStream(Paths.get("/proc/self/fd"))) {
        for (Path each : descriptors) {
          boolean is = Files.exists(each) && Files.isSameFile(each, output);
          descriptor = is ? each : descriptor;
        }
      }
      Path link = Files.createSymbolicLink(folder.resolve("events.jsonl"), descriptor);
      EventFileListener listener = listener(link, 10);
      for (int i = 0; i < 5; i++) {
        listener.callEnded(SampleCalls.answered().build());
      }

      assertThat(reported).isEmpty();
      assertThat(link).isSymbolicLink();
      try (Stream<Path> files = Files.list(folder)) {
        assertThat(files).containsExactlyInAnyOrder(link, output);
      }
      List<String> lines = Files.readAllLines(output);
      assertThat(lines).hasSize(5);
      assertThat(lines.get(0)).startsWith("no line{");
    }
  }

  @Test
  void appendsToWhatIsThere() throws IOException {
    Path file = folder.resolve("events.jsonl");
    listener(file, 1_000_000).callEnded(SampleCalls.answered().build());
    listener(file, 1_000_000).callEnded(SampleCalls.answered().build());

    assertThat(Files.readAllLines(file)).hasSize(2);
  }

  @Test
  void halfALineThatAFullDiskLeftDoesNotSpoilTheNext() throws IOException {
    Path file = folder.resolve("events.jsonl");
    Files.write(file, "{\"ts\":\"2026-1".getBytes(StandardCharsets.UTF_8));
    listener(file, 1_000_000).callEnded(SampleCalls.answered().build());

    List<String> lines = Files.readAllLines(file);
    assertThat(lines).hasSize(2);
    assertThat(new ObjectMapper().readTree(lines.get(1)).get("call_id").asText())
        .isEqualTo("call-1");
  }

  @Test
  void onlyTheOwnerReadsEvents() throws IOException {
    assumeThat(folder.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path file = folder.resolve("events.jsonl");
    listener(file, 1_000_000).callEnded(SampleCalls.answered().build());

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void anUnwritableFileIsReportedAndTriedAgainLater() throws IOException {
    Path blocked = Files.createFile(folder.resolve("not-a-folder"));
    Path file = blocked.resolve("events.jsonl");
    EventFileListener listener = listener(file, 1_000_000);

    listener.callEnded(SampleCalls.answered().build());
    listener.callEnded(SampleCalls.answered().build());
    assertThat(reported).hasSize(1);
    assertThat(reported.get(0)).contains("events.file", file.toString());
    assertThat(listener.lost()).isEqualTo(2);

    Files.delete(blocked);
    now.addAndGet(TimeUnit.SECONDS.toNanos(31));
    listener.callEnded(SampleCalls.answered().build());
    assertThat(Files.readAllLines(file)).hasSize(1);
    assertThat(listener.lost()).isEqualTo(2);
  }

  private EventFileListener listener(Path file, long maxBytes) {
    return new EventFileListener(file, maxBytes, 3, "shop", time, reported::add);
  }
}
