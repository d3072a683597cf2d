package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Usage that nobody asked for, that Flyball asks for, and that a server does not know. */
final class UsageCases {
  private static final String USAGE =
      "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":3,\"total_tokens\":12}";
  private static final String REFUSAL =
      "{\"error\":{\"message\":\"stream_options is not supported\"}," + USAGE + "}";

  private UsageCases() {}

  static void unasked(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    run.chat("unasked", true, attempt -> CannedAnswers.chatStream(true), "run-times", "4");
    checks.put(
        "who reports usage unasked is never asked, and all of it arrives",
        done -> {
          assertThat(asked("unasked", done)).containsExactly(false, false, false, false);
          assertThat(done.results("unasked"))
              .as(done.describe("unasked"))
              .hasSize(4)
              .allMatch(result -> result.path("body").asText().contains("\"prompt_tokens\""));
        });
  }

  static void asked(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    // An endpoint of its own: one call at a time finds out whether an endpoint takes the field.
    run.openAi(
        "quiet",
        "quiet/chat/completions",
        PostRun.chatBody("quiet", true, ""),
        attempt -> CannedAnswers.chatStream(attempt > 1),
        "run-times",
        "4");
    checks.put(
        "who reports nothing unasked is asked, and that is hidden",
        done -> {
          assertThat(asked("quiet", done)).containsExactly(false, true, true, true);
          List<String> bodies = bodies("quiet", done);
          assertThat(bodies).as(done.describe("quiet")).hasSize(4).containsOnly(bodies.get(0));
          assertThat(bodies.get(0)).contains("[DONE]").doesNotContain("\"prompt_tokens\"");
        });
  }

  /** Also where its no is billed, and nobody has a budget. */
  static void refused(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    // What an endpoint refuses is remembered for all of its models.
    run.openAi(
        "refusing",
        "refusing/chat/completions",
        PostRun.chatBody("refusing", true, ""),
        attempt -> attempt == 2 ? Answer.json(400, REFUSAL) : CannedAnswers.chatStream(false),
        "run-times",
        "3");
    checks.put(
        "who does not know the field gets the application's own request",
        done -> {
          assertThat(asked("refusing", done)).containsExactly(false, true, false, false);
          List<String> bodies = bodies("refusing", done);
          assertThat(bodies).as(done.describe("refusing")).hasSize(3).containsOnly(bodies.get(0));
          assertThat(bodies.get(0)).contains("[DONE]");
        });
  }

  /** What else a server has to say with it is the application's. */
  static void besideUsage(PostRun run, Map<String, HardCasesIT.Check> checks) throws IOException {
    run.chat(
        "citing",
        true,
        attempt ->
            Answer.events()
                .event(CannedAnswers.content("Hello"))
                .event(
                    "{\"id\":\"c\",\"choices\":[],\"citations\":[\"https://a.example\"]"
                        + (attempt > 1 ? "," + USAGE : "")
                        + "}")
                .event("[DONE]")
                .end(),
        "run-times",
        "3");
    checks.put(
        "what stands beside usage arrives",
        done -> {
          assertThat(asked("citing", done)).containsExactly(false, true, true);
          assertThat(bodies("citing", done))
              .as(done.describe("citing"))
              .hasSize(3)
              .allMatch(body -> body.contains("citations"));
        });
  }

  private static List<Boolean> asked(String name, PostRun done) {
    return done.primary(name).stream()
        .map(arrival -> arrival.request().bodyText().contains("include_usage"))
        .collect(Collectors.toList());
  }

  private static List<String> bodies(String name, PostRun done) {
    return done.results(name).stream()
        .map(result -> result.path("body").asText())
        .collect(Collectors.toList());
  }
}
