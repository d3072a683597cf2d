package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.target;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTraitsTest {

  @ParameterizedTest
  @CsvSource({
    "claude-3-haiku-20240307,false,false,true,false,4096",
    "claude-3-opus-20240229,false,false,true,false,4096",
    "claude-3-5-sonnet-20241022,false,false,true,false,8192",
    "claude-3-7-sonnet-latest,false,false,true,false,64000",
    "claude-sonnet-4-20250514,false,false,true,false,64000",
    "claude-opus-4-1-20250805,false,true,true,true,32000",
    "claude-sonnet-4-5@20250929,false,true,true,true,64000",
    "us.anthropic.claude-haiku-4-5-20251001-v1:0,false,true,true,true,64000",
    "claude-sonnet-4-6,false,true,false,true,64000",
    "claude-opus-4-6,false,true,false,true,128000",
    "claude-opus-4-8,true,true,false,true,128000",
    "anthropic/claude-4.7-opus,true,true,false,true,128000",
    "claude-opus-4-10,true,true,false,true,128000",
    "claude-fable-5,true,true,false,true,64000",
    "claude-2.1,false,false,false,false,",
    "somebody-elses,false,false,false,false,"
  })
  void claude(
      String model,
      boolean rejectsSampling,
      boolean oneSamplingParameter,
      boolean takesPrefill,
      boolean takesSchema,
      Long cap) {
    ModelTraits traits = ModelTraits.of(target("anthropic", model), model);

    assertThat(traits.rejectsSampling).isEqualTo(rejectsSampling);
    assertThat(traits.oneSamplingParameter).isEqualTo(oneSamplingParameter);
    assertThat(traits.takesPrefill).isEqualTo(takesPrefill);
    assertThat(traits.takesSchema).isEqualTo(takesSchema);
    assertThat(traits.cap).isEqualTo(cap);
  }

  @ParameterizedTest
  @CsvSource({
    "o1,true,100000",
    "o3-mini,true,100000",
    "o4-mini-2025-04-16,true,100000",
    "gpt-5,true,128000",
    "gpt-5.1-codex,true,128000",
    "gpt-5-chat-latest,false,128000",
    "my-gpt5-deployment,true,",
    "openai/o3,true,100000",
    "gpt-4o,false,16384",
    "gpt-4.1-nano,false,32768",
    "gpt-4,false,8192",
    "gpt-35-turbo,false,",
    "solo1,false,",
    "llama-3.1,false,"
  })
  void openAi(String model, boolean reasons, Long cap) {
    ModelTraits traits = ModelTraits.of(target("openai", model), model);

    assertThat(traits.reasons).isEqualTo(reasons);
    assertThat(traits.rejectsSampling).isEqualTo(reasons);
    assertThat(traits.cap).isEqualTo(cap);
  }
}
