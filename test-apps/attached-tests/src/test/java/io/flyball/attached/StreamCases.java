package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Cases 1, 3 to 6 and 14 of {@link HardCasesIT}: streams that break, fail, are odd or are left. */
final class StreamCases {

  private StreamCases() {}

  // 1

  static void cut(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    run.chat("cut", true, attempt -> words(Answer.events(), 40).close());
    checks.put(
        "1: a cut stream is an error",
        done -> {
          JsonNode result = done.result("cut");
          assertThat(result.path("error").asText()).as(done.describe("cut")).isNotEmpty();
          assertThat(done.primary("cut")).hasSize(1);
          assertThat(done.event("cut").path("outcome").asText()).isEqualTo("cut");
          assertThat(done.event("cut").path("usage_source").asText()).isEqualTo("partial");
        });
  }

  private static Answer words(Answer before, int count) {
    Answer answer = before;
    for (int i = 0; i < count; i++) {
      answer = answer.event(CannedAnswers.content("w" + i + " "));
    }
    return answer;
  }

  // 3

  static void oddFraming(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    String whole =
        ": OPENROUTER PROCESSING\r\n\r\n"
            + ("data: " + CannedAnswers.content("one") + "\r\n\r\n")
            + ": a comment\n\n"
            + "event: message\nid: 7\ndata: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\n"
            + "data: \"choices\":[{\"index\":0,\"delta\":{\"content\":\"two\"}}]}\n\n"
            + ("data:" + CannedAnswers.content("gr\u00fc\u00dfe \ud83d\ude80") + "\n\n")
            + "data: [DONE]\n\n";
    byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);
    Answer answer = Answer.events();
    for (int i = 0; i < bytes.length; i += 7) {
      answer = answer.chunk(Arrays.copyOfRange(bytes, i, Math.min(i + 7, bytes.length)));
    }
    Answer odd = answer.end();
    run.openAi(
        "odd",
        "chat/completions",
        PostRun.chatBody("odd", true, "")
            .replace("}]}", "}],\"stream_options\":{\"include_usage\":true}}"),
        attempt -> odd);
    checks.put(
        "3: odd framing arrives as it was sent",
        done -> {
          assertThat(done.result("odd").path("body").asText())
              .as(done.describe("odd"))
              .isEqualTo(whole);
          assertThat(done.event("odd").path("outcome").asText()).isEqualTo("success");
        });
  }

  // 4

  static void failedResponse(PostRun run, Map<String, HardCasesIT.Check> checks)
      throws IOException {
    String failed =
        "\"response\":"
            + FallbackAnswers.begun()
                .replace("in_progress", "failed")
                .replace(
                    "\"error\":null",
                    "\"error\":{\"code\":\"insufficient_quota\",\"message\":\"Out of quota.\"}");
    run.openAi(
        "failed",
        "responses",
        "{\"model\":\"model-of-failed\",\"stream\":true,\"input\":\"Case failed: say it.\"}",
        attempt ->
            Answer.events()
                .chunk(
                    FallbackAnswers.typed(
                        "response.created", "\"response\":" + FallbackAnswers.begun()))
                .chunk(FallbackAnswers.typed("response.failed", failed))
                .end());
    checks.put(
        "4: response.failed in a 200 is a failed attempt",
        done -> {
          String body = done.result("failed").path("body").asText();
          assertThat(body)
              .as(done.describe("failed"))
              .contains(FallbackAnswers.TEXT)
              .contains("event: response.completed")
              .doesNotContain("response.failed")
              .doesNotContain("insufficient_quota");
          assertThat(occurrences(body, "event: response.created")).isEqualTo(1);
          assertThat(done.primary("failed")).hasSize(1);
          assertThat(done.fallback("failed")).hasSize(1);
          assertThat(done.event("failed").path("outcome").asText()).isEqualTo("success");
        });
  }

  // 5

  static void errorEventBeforeContent(PostRun run, Map<String, HardCasesIT.Check> checks)
      throws IOException {
    run.anthropic(
        "early",
        message("early", true),
        attempt ->
            attempt > 1
                ? CannedAnswers.messageStream()
                : begun()
                    .chunk(FallbackAnswers.typed("ping", "\"pong\":true"))
                    .chunk(OVERLOADED)
                    .end());
    checks.put(
        "5: an error event before content is answered by another attempt",
        done -> {
          String body = done.result("early").path("body").asText();
          assertThat(body)
              .as(done.describe("early"))
              .contains("Hello there.")
              .contains("event: message_stop")
              .doesNotContain("overloaded_error");
          assertThat(occurrences(body, "event: message_start")).isEqualTo(1);
          assertThat(done.primary("early")).hasSize(2);
          assertThat(done.fallback("early")).isEmpty();
        });
  }

  private static final String OVERLOADED =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
          + "\"message\":\"Overloaded\"}}\n\n";

  static String message(String name, boolean stream) {
    return "{\"model\":\"model-of-"
        + name
        + "\",\"max_tokens\":500,\"stream\":"
        + stream
        + ",\"messages\":[{\"role\":\"user\",\"content\":\"Case "
        + name
        + ": say it.\"}]}";
  }

  private static Answer begun() {
    return Answer.events()
        .chunk(
            FallbackAnswers.typed(
                "message_start",
                "\"message\":{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\","
                    + "\"model\":\"claude-sonnet-4-5\",\"content\":[],\"stop_reason\":null,"
                    + "\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}"));
  }

  private static Answer deltas(int count) {
    Answer answer =
        begun()
            .chunk(
                FallbackAnswers.typed(
                    "content_block_start",
                    "\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}"));
    for (int i = 0; i < count; i++) {
      answer =
          answer.chunk(
              FallbackAnswers.typed(
                  "content_block_delta",
                  "\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"w" + i + " \"}"));
    }
    return answer;
  }

  // 6

  static void errorEventAfterContent(PostRun run, Map<String, HardCasesIT.Check> checks)
      throws IOException {
    IntFunction<Answer> alwaysFails = attempt -> thenOverloaded(deltas(30)).end();
    IntFunction<Answer> cutOnce =
        attempt ->
            attempt == 1
                ? deltas(30).close()
                : deltas(40)
                    .chunk(FallbackAnswers.typed("content_block_stop", "\"index\":0"))
                    .chunk(
                        FallbackAnswers.typed(
                            "message_delta",
                            "\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                + "\"usage\":{\"output_tokens\":40}"))
                    .chunk("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n")
                    .end();
    run.anthropic("late", message("late", true), alwaysFails);
    run.anthropic("cut-once", message("cut-once", true), cutOnce);
    checks.put(
        "6: an error event after content is an error, nothing twice",
        done -> assertThirtyWordsThenError(done, "late"));
    checks.put(
        "6: after a cut an answer that repeats goes on",
        done -> {
          String body = done.result("cut-once").path("body").asText();
          for (int i = 0; i < 40; i++) {
            assertThat(occurrences(body, "\"w" + i + " \""))
                .as(() -> done.describe("cut-once"))
                .isEqualTo(1);
          }
          assertThat(done.primary("cut-once")).hasSize(2);
          assertThat(done.result("cut-once").has("error")).isFalse();
          assertThat(occurrences(body, "event: message_start")).isEqualTo(1);
          assertThat(occurrences(body, "event: message_stop")).isEqualTo(1);
          assertThat(body).doesNotContain("overloaded_error");
        });
  }

  static void errorEventAfterContentPassesThrough(
      PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    run.anthropic("late", message("late", true), attempt -> thenOverloaded(deltas(30)).end());
    checks.put(
        "6: without recovery an error event after content is the application's",
        done -> {
          assertThirtyWordsThenError(done, "late");
          assertThat(done.primary("late")).hasSize(1);
        });
  }

  /** Later: an error that comes together with the first content is a failure before anything. */
  private static Answer thenOverloaded(Answer answer) {
    return answer.pause(300, TimeUnit.MILLISECONDS).chunk(OVERLOADED);
  }

  private static void assertThirtyWordsThenError(PostRun run, String name) {
    String body = run.result(name).path("body").asText();
    for (int i = 0; i < 30; i++) {
      assertThat(occurrences(body, "\"w" + i + " \"")).as(() -> run.describe(name)).isEqualTo(1);
    }
    assertThat(run.result(name).has("error") || body.contains("event: error"))
        .as(run.describe(name))
        .isTrue();
    assertThat(body).doesNotContain("message_stop").doesNotContain(FallbackAnswers.TEXT);
  }

  // 14

  static void leaving(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    int times = 9;
    run.chat(
        "leave",
        true,
        attempt -> words(Answer.events(), 12).stall(),
        "run-leave-after",
        "10",
        "run-times",
        String.valueOf(times));
    checks.put(
        "14: who leaves is no longer served",
        done -> {
          List<Long> waits = new ArrayList<>();
          for (int i = 0; i < times; i++) {
            Wire wire = done.wire(done.primary("leave").get(i));
            assertThat(wire.awaitClose()).as(done.describe("leave")).isTrue();
            long left = done.results("leave").get(i).path("left_at").asLong();
            waits.add(wire.clientClosedAt() - left);
          }
          assertThat(waits.stream().sorted().skip(times / 2).findFirst().orElseThrow())
              .as("median of " + waits + " ms")
              .isLessThanOrEqualTo(100 + done.client().lingersMillis());
          List<JsonNode> events =
              done.events().all().stream()
                  .filter(event -> event.path("request_model").asText().equals("model-of-leave"))
                  .toList();
          assertThat(events).hasSize(times);
          for (JsonNode event : events) {
            assertThat(event.path("outcome").asText()).as(event::toString).isEqualTo("cancelled");
            assertThat(event.path("usage_source").asText()).isEqualTo("partial");
            assertThat(event.path("input_tokens").asInt()).isPositive();
            assertThat(event.path("output_tokens").asInt()).isPositive();
          }
        });
  }

  private static int occurrences(String text, String of) {
    int count = 0;
    for (int at = text.indexOf(of); at >= 0; at = text.indexOf(of, at + of.length())) {
      count++;
    }
    return count;
  }
}
