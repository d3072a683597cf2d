package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class AnswerLimitTest {

  private static String limited(String body, long tokens) {
    RequestFacts request = Answers.recognise("api.anthropic.com", "/v1/messages", body);
    byte[] limited = request.protocol().limitOutput(request, Answers.bytes(body), tokens);
    return limited == null ? null : new String(limited, StandardCharsets.UTF_8);
  }

  /** Anthropic answers with an error unless an answer may be longer than its thoughts. */
  @Test
  void anAnswerIsNotLimitedToLessThanItsThoughts() {
    String body =
        "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":9000,\"messages\":[],"
            + "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":4000}}";
    assertThat(limited(body, 4_000)).isNull();
    assertThat(limited(body, 4_001)).isEqualTo(body.replace("9000", "4001"));
    assertThat(limited(body.replace("enabled", "disabled").replace(":4000", ":null"), 500))
        .contains("\"max_tokens\":500,");
  }

  /** What some parser takes and ours does not is not edited, with one limit or with both. */
  @Test
  void aBodyThatIsHardlyJsonIsNotLimited() {
    String body = "{\"max_tokens\":9,\"max_completion_tokens\":9,\"messages\":[],}";
    RequestFacts request = Answers.recognise("api.openai.com", "/v1/chat/completions", body);
    assertThat(request.protocol().limitOutput(request, Answers.bytes(body), 5)).isNull();
  }
}
