package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * What gateways are known to get wrong, through clients without an SDK under the agent. The cases
 * have numbers:
 *
 * <ul>
 *   <li>1, a stream that is cut: {@link FailoverIT} (S08) and here without recovery
 *   <li>2, a stream that goes silent: {@link FailoverIT} (S09)
 *   <li>3, odd framing of events: here; a malformed event: {@link FailoverIT} (S10)
 *   <li>4, {@code response.failed} in a 200: here
 *   <li>5 and 6, an error event before and after content: here
 *   <li>7, no prefill: {@link FailoverIT} (S14)
 *   <li>8, silence: {@link FailoverIT} (S06)
 *   <li>9, a slow first token: {@link FailoverIT} (S07)
 *   <li>10, the forms of Retry-After: here and S01
 *   <li>11, an outage under load: {@link OutageIT}
 *   <li>12, prompts that are too long, in many words: here and S12
 *   <li>13, content filters: here and S13
 *   <li>14, an application that leaves: here and {@link StreamingIT}
 *   <li>20, more tokens than the limit: here
 *   <li>25, large bodies, traces, what belongs to one provider: here
 * </ul>
 */
class HardCasesIT {
  private static final Jdk JDK = Jdk.of(17);
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  @TempDir Path folder;

  private final List<PostRun> runs = new ArrayList<>();

  /** A check of what became of a request. */
  private interface Check {
    void on(PostRun run) throws Exception;
  }

  @AfterEach
  void closeAll() throws IOException {
    for (PostRun run : runs) {
      run.close();
    }
  }

  private Stream<DynamicContainer> forEveryClient(
      Setup setup, boolean fallback, String... properties) throws IOException {
    assumeTrue(Jdk.wanted().stream().anyMatch(jdk -> jdk.version() == JDK.version()));
    assumeTrue(JDK.isPresent(), JDK::missingMessage);
    List<DynamicContainer> containers = new ArrayList<>();
    for (PostClient client : PostClient.values()) {
      PostRun run = new PostRun(Files.createDirectory(folder.resolve(client.name())));
      runs.add(run);
      Map<String, Check> checks = new LinkedHashMap<>();
      setup.prepare(run, checks);
      run.run(client, JDK, fallback ? run.withFallback(properties) : properties);
      checks.put("every key stays at its host", done -> assertThat(done.strayKeys()).isEmpty());
      List<DynamicTest> tests = new ArrayList<>();
      checks.forEach((name, check) -> tests.add(dynamicTest(name, () -> check.on(run))));
      containers.add(dynamicContainer(client.name(), tests));
    }
    return containers.stream();
  }

  private interface Setup {
    void prepare(PostRun run, Map<String, Check> checks) throws IOException;
  }

  @TestFactory
  Stream<DynamicContainer> withAFallback() throws IOException {
    return forEveryClient(
        (run, checks) -> {
          failedResponse(run, checks);
          errorEventBeforeContent(run, checks);
          errorEventAfterContent(run, checks);
          waits(run, checks);
          tooLong(run, checks);
          filtered(run, checks);
          leaving(run, checks);
          large(run, checks);
          traced(run, checks);
          boundToOneProvider(run, checks);
        },
        true,
        "retry.base-delay=50ms",
        "retry.budget=100%",
        "breaker.min-calls=4",
        "timeout.call=20s");
  }

  @TestFactory
  Stream<DynamicContainer> withoutFallbackAndRecovery() throws IOException {
    return forEveryClient(
        (run, checks) -> {
          cut(run, checks);
          oddFraming(run, checks);
          errorEventAfterContentPassesThrough(run, checks);
          tooLongAWait(run, checks);
        },
        false,
        "stream.recovery=off",
        "retry.base-delay=50ms",
        "retry.budget=100%",
        "timeout.call=20s");
  }

  @TestFactory
  Stream<DynamicContainer> withALimitOfTokens() throws IOException {
    return forEveryClient(
        HardCasesIT::moreTokensThanTheLimit, false, "limit.tpm=100 tokens", "limit.max-wait=2s");
  }

  // 1

  private static void cut(PostRun run, Map<String, Check> checks) throws IOException {
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

  private static void oddFraming(PostRun run, Map<String, Check> checks) throws IOException {
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
      answer = answer.chunk(java.util.Arrays.copyOfRange(bytes, i, Math.min(i + 7, bytes.length)));
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

  private static void failedResponse(PostRun run, Map<String, Check> checks) throws IOException {
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

  private static void errorEventBeforeContent(PostRun run, Map<String, Check> checks)
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

  private static String message(String name, boolean stream) {
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

  private static void errorEventAfterContent(PostRun run, Map<String, Check> checks)
      throws IOException {
    IntFunction<Answer> alwaysFails = attempt -> deltas(30).chunk(OVERLOADED).end();
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

  private static void errorEventAfterContentPassesThrough(PostRun run, Map<String, Check> checks)
      throws IOException {
    run.anthropic("late", message("late", true), attempt -> deltas(30).chunk(OVERLOADED).end());
    checks.put(
        "6: without recovery an error event after content is the application's",
        done -> {
          assertThirtyWordsThenError(done, "late");
          assertThat(done.primary("late")).hasSize(1);
        });
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

  // 10

  private static void waits(PostRun run, Map<String, Check> checks) throws IOException {
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
      PostRun run, Map<String, Check> checks, String form, long millis, Headers headers)
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

  private static void tooLongAWait(PostRun run, Map<String, Check> checks) throws IOException {
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

  private static void tooLong(PostRun run, Map<String, Check> checks) throws IOException {
    for (Map.Entry<String, String> error : TOO_LONG.entrySet()) {
      String name = "too-long-" + error.getKey();
      run.chat(name, false, attempt -> Answer.json(400, error.getValue()));
      checks.put(
          "12: too long in the words of " + error.getKey(),
          done -> assertOnlyTheFallbackAnswers(done, name));
    }
    run.anthropic(
        "too-long-anthropic",
        message("too-long-anthropic", false),
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

  private static void filtered(PostRun run, Map<String, Check> checks) throws IOException {
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

  // 14

  private static void leaving(PostRun run, Map<String, Check> checks) throws IOException {
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

  // 20

  private static void moreTokensThanTheLimit(PostRun run, Map<String, Check> checks)
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

  // 25

  private static void large(PostRun run, Map<String, Check> checks) throws IOException {
    String text = " The same again, and again.".repeat((2 << 20) / 27 + 1);
    run.openAi(
        "large",
        "chat/completions",
        PostRun.chatBody("large", false, text),
        attempt -> attempt < 3 ? overloaded() : CannedAnswers.chat());
    run.openAi(
        "large-elsewhere",
        "chat/completions",
        PostRun.chatBody("large-elsewhere", false, text),
        attempt -> overloaded());
    checks.put(
        "25: 2 MB are sent again byte for byte",
        done -> {
          assertThat(done.primary("large")).hasSize(3);
          byte[] first = done.primary("large").get(0).request().body();
          assertThat(first).hasSizeGreaterThan(2 << 20);
          for (PostRun.Arrival arrival : done.primary("large")) {
            assertThat(java.util.Arrays.equals(arrival.request().body(), first)).isTrue();
          }
          assertThat(done.fallback("large-elsewhere")).hasSize(1);
          assertThat(done.fallback("large-elsewhere").get(0).request().bodyText())
              .isEqualTo(
                  PostRun.chatBody("large-elsewhere", false, text)
                      .replace("model-of-large-elsewhere", "fallback-model"));
        });
  }

  private static Answer overloaded() {
    return CannedAnswers.openAiError(503, "overloaded");
  }

  private static void traced(PostRun run, Map<String, Check> checks) throws IOException {
    run.chat(
        "traced",
        false,
        attempt -> overloaded(),
        "traceparent",
        "00-" + TRACE + "-00f067aa0ba902b7-01");
    checks.put(
        "25: every attempt is in the application's trace",
        done -> {
          List<PostRun.Arrival> all = new ArrayList<>(done.primary("traced"));
          assertThat(all).as(done.describe("traced")).hasSize(3);
          all.addAll(done.fallback("traced"));
          assertThat(all).hasSize(4);
          for (PostRun.Arrival arrival : all) {
            assertThat(arrival.request().header("traceparent")).contains(TRACE);
          }
          assertThat(done.event("traced").path("trace_id").asText()).isEqualTo(TRACE);
        });
  }

  private static void boundToOneProvider(PostRun run, Map<String, Check> checks)
      throws IOException {
    String limited =
        "{\"type\":\"error\",\"error\":{\"type\":\"rate_limit_error\",\"message\":\"Too many.\"}}";
    run.anthropic(
        "thinking",
        "{\"model\":\"model-of-thinking\",\"max_tokens\":2000,"
            + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1024},\"messages\":["
            + "{\"role\":\"user\",\"content\":\"Case thinking: say it.\"},"
            + "{\"role\":\"assistant\",\"content\":[{\"type\":\"thinking\",\"thinking\":\"A thought.\","
            + "\"signature\":\"c2lnbmVk\"},{\"type\":\"tool_use\",\"id\":\"toolu_1\","
            + "\"name\":\"look\",\"input\":{}}]},"
            + "{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\","
            + "\"tool_use_id\":\"toolu_1\",\"content\":\"seen\"}]}],"
            + "\"tools\":[{\"name\":\"look\",\"input_schema\":{\"type\":\"object\"}}]}",
        attempt -> Answer.json(429, limited));
    run.openAi(
        "state",
        "responses",
        "{\"model\":\"model-of-state\",\"input\":\"Case state: go on.\","
            + "\"previous_response_id\":\"resp_1\"}",
        attempt -> overloaded());
    checks.put(
        "25: signed thinking does not go to another provider",
        done -> {
          for (PostRun.Arrival arrival : done.fallback("thinking")) {
            assertThat(arrival.request().bodyText())
                .as(done.describe("thinking"))
                .doesNotContain("c2lnbmVk")
                .doesNotContain("A thought.")
                .contains("toolu_1");
          }
          assertThat(done.result("thinking").path("status").asInt())
              .isEqualTo(done.fallback("thinking").isEmpty() ? 429 : 200);
        });
    checks.put(
        "25: state kept at one provider does not go to another",
        done -> {
          assertThat(done.fallback("state")).as(done.describe("state")).isEmpty();
          assertThat(done.result("state").path("status").asInt()).isEqualTo(503);
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
