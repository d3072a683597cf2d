package io.flyball.engine.content;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.price.PriceCatalogue;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of a model is its name, and never a key or what somebody says. */
class ShownNamesTest {
  private static final Pattern NAMED =
      Pattern.compile("(?:name|equals|snapshot|prefix|contains): *\"?([^\",}\\s]+)");

  private final ShownNames names = new ShownNames(new Redactor()::redact);

  @Property(tries = 60)
  void noSecretIsShownInPlaceOfAName(@ForAll long seed) {
    Random random = new Random(seed);
    Secrets secrets = new Secrets(random);
    for (RedactionRule rule : RedactionRules.builtIn().all()) {
      String secret = secrets.of(rule);
      for (String name : new String[] {secret, secret + " tell me"}) {
        for (String shown : new String[] {names.shown(name), names.told(name)}) {
          for (String value : secrets.values(rule, secret)) {
            for (int i = 0; i + 6 <= value.length(); i++) {
              assertThat(shown).as(rule + ": " + name).doesNotContain(value.substring(i, i + 6));
            }
          }
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "my password is hunter2",
        "my password is hunter2, mail joe@firm.example",
        "Tell me of \"gguf\"",
        "what is a .gguf file?",
        "\u6211\u7684\u5bc6\u7801\u662f\u4e00\u4e8c\u4e09",
        "two\nlines.gguf",
        ""
      })
  void noSentenceIsShownInPlaceOfAName(String sentence) {
    assertThat(names.shown(sentence)).isEqualTo("other");
    assertThat(names.told(sentence)).matches("other #[0-9a-f]{16}");
  }

  @Test
  void whatIsNotShownIsToldFromOthers() {
    assertThat(names.told("one sentence")).isEqualTo(names.told(new String("one sentence")));
    assertThat(names.told("one sentence")).isNotEqualTo(names.told("another sentence"));
    // What is told of one is nobody's name.
    String told = names.told("one sentence");
    assertThat(names.told(told)).isNotEqualTo(told);
    assertThat(names.shown(null)).isNull();
    assertThat(names.told(null)).isNull();
  }

  @Test
  void everyModelThatHasAPriceIsShown() throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                PriceCatalogue.class.getResourceAsStream("prices.yaml"), StandardCharsets.UTF_8))) {
      List<String> all =
          lines.lines().filter(line -> !line.startsWith("#")).collect(Collectors.toList());
      int models = 0;
      for (String line : all) {
        Matcher named = NAMED.matcher(line);
        while (named.find()) {
          models++;
          for (String name :
              new String[] {
                named.group(1),
                named.group(1) + "-2026-10-21",
                named.group(1) + "@20261021",
                "ft:" + named.group(1) + ":my-org::AbC123xY",
                "ft:" + named.group(1) + ":my-org:suffix:9ZyXwVu8"
              }) {
            assertThat(names.told(name)).isSameAs(name);
          }
        }
      }
      assertThat(models).isGreaterThan(100);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gpt-4o-mini",
        "my-deployment",
        "Prod_GPT4o.EastUS2",
        "command-a-03-2025",
        "mock-model",
        "ft:gpt-4o-mini:org::id",
        "ft:gpt-4o-mini-2024-07-18:acme-corp:support-bot:A1b2C3d4",
        "ft:gpt-4o-mini-2024-07-18:acme::A1b2C3d4:ckpt-step-90",
        "accounts/fireworks/models/llama-v3p1-405b-instruct",
        "accounts/fireworks/models/mixtral-8x22b-instruct#accounts/acme/deployments/12ab34cd",
        "accounts/acme-1a2b3c/deployedModels/llama-v3p1-8b-instruct-9f8e7d6c",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo",
        "meta-llama/Meta-Llama-3.1-8B-Instruct:novita",
        "anthropic/claude-3.5-sonnet:beta",
        "@cf/meta/llama-3.1-8b-instruct-fp8",
        "openrouter/auto",
        "~anthropic/claude-sonnet-latest",
        "vertex_ai/gemini-2.5-pro",
        "projects/acme-123456/locations/us-central1/endpoints/1234567890123456789",
        "projects/123456789012/locations/us-central1/publishers/google/models/gemini-2.5-flash@001",
        "publishers/google/models/gemini-2.5-flash",
        "tunedModels/my-model-a1b2c3d4e5",
        "us.anthropic.claude-sonnet-4-5-20250929-v1:0",
        "anthropic.claude-3-5-sonnet-20240620-v1:0",
        "arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/a1b2c3d4e5f6",
        "arn:aws:bedrock:us-east-1:123456789012:provisioned-model/abc123def456",
        "arn:aws:bedrock:eu-west-1::foundation-model/anthropic.claude-v2:1",
        "arn:aws:sagemaker:us-east-1:123456789012:endpoint/jumpstart-dft-meta-textgeneration-llama-3-8b",
        "hf.co/bartowski/Llama-3.2-3B-Instruct-GGUF:Q4_K_M",
        "llama3.2:3b-instruct-q8_0",
        "registry.example.com/team/llama3:latest",
        "/models/mistral-7b-instruct-v0.2.Q4_K_M.gguf",
        "~/.cache/lm-studio/models/TheBloke/phi-2-GGUF/phi-2.Q5_K_S.gguf",
        "C:\\Users\\joe\\models\\phi-3-mini-4k-instruct-q4.gguf",
        "C:\\Program Files (x86)\\Models\\My Model & more, v2.gguf",
        "./models/ggml-model-q4_0.bin",
        "databricks-meta-llama-3-3-70b-instruct",
        "o4-mini-deep-research-2025-06-26",
        "text-embedding-3-small",
        "whisper-large-v3-turbo",
        "grok-4-fast-non-reasoning",
        "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B",
        "Qwen/Qwen2.5-72B-Instruct-Turbo",
        "nvidia/llama-3.1-nemotron-ultra-253b-v1",
        "azureml://registries/azureml-meta/models/Llama-3.3-70B-Instruct/versions/4",
        "4f3c2b1a-0d9e-8f7a-6b5c-4d3e2f1a0b9c",
        "6f1ed002ab5595859014ebf0951522d9c1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6",
        "asst_abc123DEF456ghi789JKL012"
      })
  void ordinaryNamesAreShownAsTheyAre(String name) {
    assertThat(names.shown(name)).isSameAs(name);
    assertThat(names.told(name)).isSameAs(name);
  }

  @Test
  void aNameIsLookedAtOnce() {
    AtomicInteger looks = new AtomicInteger();
    ShownNames counted =
        new ShownNames(
            text -> {
              looks.incrementAndGet();
              return text;
            });
    for (int i = 0; i < 10; i++) {
      counted.shown(new String("gpt-4o"));
      counted.told(new String("gpt-4o"));
    }
    assertThat(looks).hasValue(1);
    for (int i = 0; i < 5_000; i++) {
      assertThat(counted.shown("m" + i)).isEqualTo("m" + i);
    }
  }
}
