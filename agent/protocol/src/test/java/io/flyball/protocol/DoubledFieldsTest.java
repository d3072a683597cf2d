package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Of what stands twice in a request the server takes either: the dearest of both is told. */
class DoubledFieldsTest {
  private static final String GEMINI = "/v1beta/models/gemini-2.5-pro:generateContent";

  @SafeVarargs
  private static <T> T pick(Random random, T... choices) {
    return choices[random.nextInt(choices.length)];
  }

  private static RequestFacts read(String host, String path, String body) {
    RequestFacts facts = Answers.recognise(host, path, body);
    assertThat(facts).as(body).isNotNull();
    return facts;
  }

  /** Objects that hold the limit, and those without one. */
  @Property(tries = 1_000)
  void theObjectThatHoldsTheLimit(@ForAll long seed) {
    Random random = new Random(seed);
    boolean gemini = random.nextBoolean();
    String limit = gemini ? "maxOutputTokens" : "max_tokens";
    List<String> fields = new ArrayList<>();
    long most = 0;
    int limited = 0;
    int count = 1 + random.nextInt(3);
    for (int i = 0; i < count; i++) {
      long tokens = 1 + random.nextInt(5_000);
      boolean sets = random.nextBoolean();
      String object =
          sets
              ? "{\"temperature\":1,\"" + limit + "\":" + tokens + "}"
              : pick(random, "{}", "null", "{\"temperature\":1}", "{\"" + limit + "\":null}");
      fields.add(
          "\""
              + (gemini ? pick(random, "generationConfig", "generation_config") : "extra_body")
              + "\":"
              + object);
      most = sets ? Math.max(most, tokens) : most;
      limited += sets ? 1 : 0;
    }
    String body =
        gemini
            ? "{\"contents\":[{\"parts\":[{\"text\":\"hi\"}]}]," + String.join(",", fields) + "}"
            : "{\"model\":\"m\",\"messages\":[]," + String.join(",", fields) + "}";
    String host = gemini ? "generativelanguage.googleapis.com" : "gateway.example";
    RequestFacts facts = read(host, gemini ? GEMINI : "/v1/chat/completions", body);

    if (limited == count) {
      assertThat(facts.maxOutputTokens()).as(body).isEqualTo(most);
      assertThat(facts.outputUnlimited()).as(body).isFalse();
    } else {
      assertThat(facts.maxOutputTokens() == null || facts.outputUnlimited()).as(body).isTrue();
    }
    byte[] lowered = facts.protocol().limitOutput(facts, body.getBytes(StandardCharsets.UTF_8), 64);
    if (lowered != null) {
      String text = new String(lowered, StandardCharsets.UTF_8);
      RequestFacts again = read(host, gemini ? GEMINI : "/v1/chat/completions", text);
      assertThat(again.maxOutputTokens()).as(text).isEqualTo(64);
      assertThat(again.outputUnlimited()).as(text).isFalse();
    }
  }

  /** A tool that is charged for is offered, whatever else it is called. */
  @Property(tries = 300)
  void theTypeOfATool(@ForAll long seed) {
    Random random = new Random(seed);
    boolean messages = random.nextBoolean();
    String dear = pick(random, "web_search", "web_search_20250305", "code_execution_20250522");
    String other = pick(random, "\"function\"", "\"custom\"", "null", "7");
    String types =
        random.nextBoolean()
            ? "\"type\":\"" + dear + "\",\"type\":" + other
            : "\"type\":" + other + ",\"type\":\"" + dear + "\"";
    String tool = "\"tools\":[{\"name\":\"a\"," + types + "}]}";
    String body = "{\"model\":\"m\",\"max_tokens\":9,\"messages\":[]," + tool;
    if (!messages) {
      body = "{\"model\":\"m\",\"input\":\"hi\"," + tool;
    }
    RequestFacts facts =
        read(
            messages ? "api.anthropic.com" : "api.openai.com",
            messages ? "/v1/messages" : "/v1/responses",
            body);

    assertThat(facts.toolUses())
        .as(body)
        .containsKey(dear.startsWith("code") ? "code_interpreter" : "web_search");
  }

  /** What providers describe is named by its version as the type of a tool, and nowhere else. */
  @Property(tries = 500)
  void toolsThatTheProviderDescribes(@ForAll long seed) {
    Random random = new Random(seed);
    boolean messages = random.nextBoolean();
    List<String> tools = new ArrayList<>();
    int described = 0;
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      String dated = pick(random, "bash_20250124", "text_editor\\u005f20250728", "memory_20250818");
      boolean is = random.nextBoolean();
      described += is ? 1 : 0;
      tools.add(
          is
              ? "{\"type\":\"" + dated + "\",\"name\":\"a\"}"
              : "{\"type\":\"custom\",\"name\":\"" + dated + "\",\"description\":\"_20_20\"}");
    }
    String text =
        pick(random, "hi", "invoice_2024_1 invoice_2025_2", "\\u0430\\u0431", "bash_20250124");
    String prompt =
        messages
            ? "\"max_tokens\":9,\"messages\":[{\"role\":\"user\",\"content\":\"" + text + "\"}]"
            : "\"input\":\"" + text + "\"";
    String body = "{\"model\":\"m\"," + prompt + ",\"tools\":[" + String.join(",", tools) + "]}";
    RequestFacts facts =
        read(
            messages ? "api.anthropic.com" : "api.openai.com",
            messages ? "/v1/messages" : "/v1/responses",
            body);

    assertThat(facts.describedTools()).as(body).isEqualTo(described);
    assertThat(facts.withMaxOutputTokens(7L).describedTools()).as(body).isEqualTo(described);
  }
}
