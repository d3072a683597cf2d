package io.flyball.engine.budget;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How short an answer may be that is still one. */
class SmallestAnswersTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "gpt-4o-mini|{}|64",
        "gpt-4.1|{}|64",
        "o3-mini|{}|4096",
        "openai/o1|{}|4096",
        "us.deepseek.r1-v1:0|{}|4096",
        "o1-pro-2025-03-19|{}|16384",
        "gpt-5-mini-2025-08-07|{}|4096",
        "gpt-5.1|{}|4096",
        "gpt-5.1|{\"reasoning_effort\":\"none\"}|64",
        "gpt-5|{\"reasoning\": {\"effort\" : \"minimal\"}}|64",
        "gpt-5|{\"reasoning\":{\"effort\":\"low\"}}|4096",
        "gpt-5-chat-latest|{}|64",
        "claude-sonnet-4-5|{}|64",
        "claude-sonnet-4-5|{\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":2000}}|4096",
        "claude-sonnet-4-5|{\"thinking\":{\"type\":\"disabled\"}}|64",
        "anthropic.claude-opus-4-6-v1|{\"thinking\":{\"type\":\"adaptive\"}}|4096",
        "gemini-2.5-flash|{}|4096",
        "models/gemini-2.5-pro|{}|4096",
        "gemini-2.5-flash|{\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":0}}}|64",
        "gemini-2.5-flash|{\"generationConfig\":{\"thinkingConfig\":{\"thinkingBudget\":512}}}|4096",
        "gemini-2.5-flash-lite|{}|64",
        "gemini-2.0-flash|{}|64",
        "gemini-3-pro-preview|{}|4096",
        "gemini-3.1-pro-preview|{}|4096",
        "deepseek-reasoner|{}|4096",
        "deepseek-chat|{}|64",
        "grok-4-0709|{}|4096",
        "grok-4-fast-non-reasoning|{}|64",
        "grok-3|{}|64",
        "foo1-large|{}|64",
        "Qwen/Qwen3-8B|{\"enable_thinking\": false}|64",
      })
  void isAsLongAsTheModelThinks(String model, String body, long tokens) {
    assertThat(SmallestAnswers.table().of(model, body.getBytes(StandardCharsets.UTF_8)))
        .isEqualTo(tokens);
  }
}
