package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Case 25 of {@link HardCasesIT}: what is sent, where to, and what goes nowhere else. */
final class RequestCases {

  private RequestCases() {}

  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  // 25

  static void large(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
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
            assertThat(Arrays.equals(arrival.request().body(), first)).isTrue();
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

  static void traced(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
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

  static void boundToOneProvider(PostRun run, Map<String, HardCasesIT.Check> checks)
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
}
