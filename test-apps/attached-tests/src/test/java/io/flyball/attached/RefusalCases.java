package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * Cases 10, 12, 13 and 20 of {@link HardCasesIT}: what a provider refuses, and what is not asked.
 */
final class RefusalCases {

  private RefusalCases() {}

  // 10

  static void waits(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    waitsAtLeast(run, checks, "ms", 300, () -> new String[] {"retry-after-ms", "300"});
    waitsAtLeast(
        run,
        checks,
        "date",
        1000,
        () ->
            new String[] {
              "Retry-After",
              DateTimeFormatter.RFC_1123_DATE_TIME.format(
                  ZonedDateTime.now(ZoneOffset.UTC).plusSeconds(3))
            });
    waitsAtLeast(
        run,
        checks,
        "reset",
        1000,
        () -> new String[] {"x-ratelimit-remaining-tokens", "0", "x-ratelimit-reset-tokens", "1s"});
    for (String[] headers :
        new String[][] {
          {"Retry-After", "3600"},
          {"x-ratelimit-remaining-tokens", "0", "x-ratelimit-reset-tokens", "1m30s"}
        }) {
      String name = "long-" + headers[1].length();
      run.chat(name, false, attempt -> limited(headers));
      checks.put(
          "10: " + String.join(" ", headers) + " is not waited",
          done -> {
            assertThat(done.result(name).path("body").asText())
                .as(done.describe(name))
                .contains(FallbackAnswers.TEXT);
            assertThat(done.result(name).path("elapsed_ms").asInt()).isLessThan(10_000);
            assertThat(done.primary(name)).hasSize(1);
            assertThat(done.fallback(name)).hasSize(1);
          });
    }
  }

  private interface Headers {
    String[] now();
  }

  private static void waitsAtLeast(
      PostRun run, Map<String, HardCasesIT.Check> checks, String form, long millis, Headers headers)
      throws IOException {
    String name = "wait-" + form;
    run.chat(name, false, attempt -> attempt > 1 ? CannedAnswers.chat() : limited(headers.now()));
    checks.put(
        "10: waits as asked for in the form " + form,
        done -> {
          assertThat(done.primary(name)).as(done.describe(name)).hasSize(2);
          assertThat(done.primary(name).get(1).millisAfter(done.primary(name).get(0)))
              .as(done.describe(name))
              .isGreaterThanOrEqualTo(millis);
          assertThat(done.result(name).path("status").asInt()).isEqualTo(200);
        });
  }

  private static Answer limited(String... headers) {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "content-type";
    all[1] = "application/json";
    return Answer.of(
        429,
        "{\"error\":{\"message\":\"Rate limit reached.\",\"type\":\"tokens\",\"param\":null,"
            + "\"code\":\"rate_limit_exceeded\"}}",
        all);
  }

  static void tooLongAWait(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    run.chat("hour", false, attempt -> limited("Retry-After", "3600"));
    checks.put(
        "10: an hour is not waited without a fallback either",
        done -> {
          JsonNode result = done.result("hour");
          assertThat(result.path("status").asInt()).as(done.describe("hour")).isEqualTo(429);
          assertThat(result.path("body").asText()).contains("Rate limit reached.");
          assertThat(result.path("elapsed_ms").asInt()).isLessThan(10_000);
          assertThat(done.primary("hour")).hasSize(1);
        });
  }

  /** By default a client that does not repeat by itself has its failure after five seconds. */
  static void secondAttemptHangs(PostRun run, Map<String, HardCasesIT.Check> checks)
      throws IOException {
    for (boolean stream : new boolean[] {false, true}) {
      String name = stream ? "hangs-stream" : "hangs";
      run.chat(
          name,
          stream,
          attempt ->
              attempt == 1
                  ? Answer.json(503, "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}")
                  : Answer.silence());
      checks.put(
          "a second attempt that hangs: " + name,
          done -> {
            JsonNode result = done.result(name);
            assertThat(result.path("status").asInt()).as(done.describe(name)).isEqualTo(503);
            assertThat(result.path("body").asText()).contains("down");
            assertThat(result.path("elapsed_ms").asInt()).isBetween(4_000, 8_000);
            assertThat(done.primary(name)).hasSize(2);
            assertThat(done.wire(done.primary(name).get(1)).awaitClose()).isTrue();
          });
    }
  }

  // 12

  private static final Map<String, String> TOO_LONG =
      Map.of(
          "openai",
          "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\","
              + "\"type\":\"invalid_request_error\",\"param\":\"messages\","
              + "\"code\":\"context_length_exceeded\"}}",
          "vertex",
          "{\"error\":{\"code\":400,\"message\":\"The input token count (1113812) exceeds the maximum"
              + " number of tokens allowed (1048576).\",\"status\":\"INVALID_ARGUMENT\"}}",
          "bedrock",
          "{\"message\":\"Input is too long for requested model.\"}",
          "sglang",
          "{\"object\":\"error\",\"message\":\"The input (40000 tokens) is longer than the model's"
              + " context length (32768 tokens).\",\"type\":\"BadRequestError\",\"code\":400}",
          "vllm",
          "{\"object\":\"error\",\"message\":\"This model's maximum context length is 8192 tokens."
              + " However, you requested 9000 tokens (8000 in the messages, 1000 in the completion)."
              + " Please reduce the length of the messages or completion.\","
              + "\"type\":\"BadRequestError\",\"param\":null,\"code\":400}");

  static void tooLong(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    for (Map.Entry<String, String> error : TOO_LONG.entrySet()) {
      String name = "too-long-" + error.getKey();
      run.chat(name, false, attempt -> Answer.json(400, error.getValue()));
      checks.put(
          "12: too long in the words of " + error.getKey(),
          done -> assertOnlyTheFallbackAnswers(done, name));
    }
    run.anthropic(
        "too-long-anthropic",
        StreamCases.message("too-long-anthropic", false),
        attempt ->
            Answer.json(
                400,
                "{\"type\":\"error\",\"error\":{\"type\":\"invalid_request_error\","
                    + "\"message\":\"prompt is too long: 209303 tokens > 200000 maximum\"}}"));
    checks.put(
        "12: too long in the words of anthropic",
        done -> {
          assertOnlyTheFallbackAnswers(done, "too-long-anthropic");
          assertThat(done.result("too-long-anthropic").path("body").asText())
              .contains("\"type\":\"message\"");
        });
    run.chat(
        "too-long-often",
        false,
        attempt -> attempt > 8 ? CannedAnswers.chat() : Answer.json(400, TOO_LONG.get("openai")),
        "run-times",
        "9");
    checks.put(
        "12: too long says nothing about the provider's health",
        done -> {
          assertThat(done.primary("too-long-often")).as(done.describe("too-long-often")).hasSize(9);
          assertThat(done.results("too-long-often").get(8).path("body").asText())
              .contains("Hello there.");
        });
  }

  private static void assertOnlyTheFallbackAnswers(PostRun run, String name) {
    assertThat(run.result(name).path("status").asInt()).as(run.describe(name)).isEqualTo(200);
    assertThat(run.result(name).path("body").asText())
        .as(run.describe(name))
        .contains(FallbackAnswers.TEXT);
    assertThat(run.primary(name)).as(run.describe(name)).hasSize(1);
    assertThat(run.fallback(name)).as(run.describe(name)).hasSize(1);
  }

  // 13

  static void filtered(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    String error =
        "{\"error\":{\"message\":\"The response was filtered.\",\"type\":null,\"param\":\"prompt\","
            + "\"code\":\"content_filter\",\"status\":400,\"innererror\":"
            + "{\"code\":\"ResponsibleAIPolicyViolation\"}}}";
    String finished = CannedAnswers.CHAT.replace("\"stop\"", "\"content_filter\"");
    run.chat("filter-error", false, attempt -> Answer.json(400, error));
    run.chat("filter-finish", false, attempt -> Answer.json(200, finished));
    checks.put(
        "13: a content filter is not routed around",
        done -> {
          assertReturnedAsItCame(done, "filter-error", 400, error);
          assertReturnedAsItCame(done, "filter-finish", 200, finished);
        });
  }

  private static void assertReturnedAsItCame(PostRun run, String name, int status, String body) {
    assertThat(run.result(name).path("status").asInt()).as(run.describe(name)).isEqualTo(status);
    assertThat(run.result(name).path("body").asText()).isEqualTo(body);
    assertThat(run.primary(name)).as(run.describe(name)).hasSize(1);
    assertThat(run.fallback(name)).as(run.describe(name)).isEmpty();
  }

  // 20

  static void moreTokensThanTheLimit(PostRun run, Map<String, HardCasesIT.Check> checks)
      throws IOException {
    int calls = 5;
    for (int i = 0; i < calls; i++) {
      String name = "tokens-" + i;
      run.openAi(
          name,
          "chat/completions",
          PostRun.chatBody(name, false, " word".repeat(70))
              .replace("}]}", "}],\"max_tokens\":100}"),
          attempt -> CannedAnswers.chat());
    }
    checks.put(
        "20: at most one call of 175 tokens fits into 100 a minute",
        done -> {
          int asked = 0;
          for (int i = 0; i < calls; i++) {
            String name = "tokens-" + i;
            asked += done.primary(name).size();
            int status = done.result(name).path("status").asInt();
            assertThat(status).as(done.describe(name)).isIn(200, 429);
            if (status == 429) {
              assertThat(done.result(name).path("body").asText()).contains("flyball_rate_limited");
            }
            assertThat(done.result(name).path("elapsed_ms").asInt()).isLessThan(10_000);
          }
          assertThat(asked).isLessThanOrEqualTo(1);
        });
  }
}
