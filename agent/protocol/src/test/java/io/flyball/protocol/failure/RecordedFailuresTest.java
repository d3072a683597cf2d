package io.flyball.protocol.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Recordings;
import io.flyball.protocol.Recordings.Recording;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.ResponseReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Every failed answer that a real SDK was given in the recordings is understood. */
class RecordedFailuresTest {
  @Test
  void everyRecordedErrorIsOfTheKindAndWaitInTheTable() throws IOException {
    Map<String, String> understood = new TreeMap<>();
    for (Recording recording : Recordings.all()) {
      if (recording.status() >= 400) {
        Map<String, String> headers = recording.responseHeaders();
        ProviderFailure failure =
            FailureReader.ofStatus(
                recording.status(), headers::get, recording.responseBody(), 1_790_000_000_000L);
        assertThat(failure.message()).as(recording.name).startsWith("Budget exceeded");
        understood.put(
            recording.name, failure.kind() + "," + failure.retryAfterNanos() / 1_000_000);
      }
    }

    assertThat(understood).containsExactlyInAnyOrderEntriesOf(table()).hasSizeGreaterThan(90);
  }

  @Test
  void everyRecordedErrorInsideAStreamIsUnderstood() {
    Map<String, FailureKind> understood = new TreeMap<>();
    for (Recording recording : Recordings.all()) {
      RequestFacts request = recording.recognise();
      if (recording.name.endsWith("-sseerr") && request != null) {
        ResponseReader reader =
            request.protocol().reader(request, recording.status(), "text/event-stream");
        reader.feed(ByteBuffer.wrap(recording.responseBody()));
        reader.end();
        ResponseFacts facts = reader.facts();
        understood.put(
            recording.name, FailureReader.ofEvent(facts.errorType(), facts.errorMessage()).kind());
      }
    }

    assertThat(understood)
        .hasSizeGreaterThanOrEqualTo(10)
        .allSatisfy(
            (name, kind) -> {
              if (name.contains("anthropic")) {
                assertThat(kind).isEqualTo(FailureKind.OVERLOADED);
              } else if (name.contains("openai")) {
                assertThat(kind).isEqualTo(FailureKind.QUOTA);
              }
            });
  }

  private static Map<String, String> table() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                RecordedFailuresTest.class.getResourceAsStream("/recorded/failures.csv"),
                StandardCharsets.UTF_8))) {
      return lines
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(",", 2))
          .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
    }
  }
}
