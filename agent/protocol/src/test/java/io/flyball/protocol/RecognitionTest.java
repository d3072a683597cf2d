package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecognitionTest {
  private static final String CHAT = "{\"model\":\"m\",\"messages\":[]}";
  private static final String MESSAGES = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[]}";
  private static final Protocols NO_ENDPOINTS = new Protocols(Collections.<Endpoint>emptyList());

  private static Protocols with(String family, String url) {
    return new Protocols(Collections.singletonList(new Endpoint("mine", URI.create(url), family)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/chat/completions",
        "/chat/completions",
        "/openai/deployments/x/chat/completions?api-version=2024-06-01",
        "/api/v1/chat/completions?x=/models",
        "/v1/completions",
        "/v1/responses",
        "/v1/embeddings",
        "/v1/messages",
        "/v1/messages?beta=true",
        "/v1/messages/count_tokens"
      })
  void mayMatchPathsOfModelCalls(String path) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isTrue();
    assertThat(NO_ENDPOINTS.mayMatch(null, path)).isTrue();
    assertThat(NO_ENDPOINTS.mayMatch("GET", path)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "s",
        "/v1/models",
        "/v1/files",
        "/v1/batches",
        "/v1/images/generations",
        "/v1/audio/transcriptions",
        "/v1/moderations",
        "/v1/messages/batches",
        "/v1/responses/resp_1/cancel",
        "/v1/responses/resp_1/input_items",
        "/v1/threads/t/messages",
        "/messages",
        "/completions/x",
        "/search?q=/v1/chat/completions",
        "/mcp"
      })
  void mayNotMatchOtherPaths(String path) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isFalse();
  }

  @Property
  void mayMatchTakesAnyPath(@ForAll String path) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path + "?/v1/messages"))
        .isEqualTo(NO_ENDPOINTS.mayMatch("POST", path.split("\\?", 2)[0]));
  }

  @ParameterizedTest
  @CsvSource({
    "api.openai.com, /v1/chat/completions, openai, true",
    "eu.api.openai.com, /v1/chat/completions, openai, true",
    "r.openai.azure.com, /openai/v1/chat/completions, azure.ai.openai, true",
    "R.OpenAI.Azure.com, /openai/deployments/d/chat/completions?api-version=2024-10-21,"
        + " azure.ai.openai, true",
    "r.openai.azure.com, /openai/deployments/d/chat/completions?api-version=2024-06-01,"
        + " azure.ai.openai, false",
    "r.openai.azure.com, /openai/deployments/d/chat/completions, azure.ai.openai, false",
    "r.services.ai.azure.com, /models/chat/completions, azure.ai.inference, false",
    "r.services.ai.azure.com, /openai/v1/chat/completions, azure.ai.openai, true",
    "api.groq.com, /openai/v1/chat/completions, groq, true",
    "api.deepseek.com, /chat/completions, deepseek, true",
    "api.mistral.ai, /v1/chat/completions, mistral_ai, false",
    "openrouter.ai, /api/v1/chat/completions, openrouter, true",
    "api.x.ai, /v1/chat/completions, x_ai, true",
    "api.together.xyz, /v1/chat/completions, together, true",
    "api.perplexity.ai, /chat/completions, perplexity, false",
    "api.fireworks.ai, /inference/v1/chat/completions, fireworks, true",
    "dashscope-intl.aliyuncs.com, /compatible-mode/v1/chat/completions, dashscope, true",
    "gateway.example, /v1/chat/completions, openai, true",
    "notapi.groq.com.example, /v1/chat/completions, openai, true"
  })
  void namesTheProviderByItsAddress(
      String host, String path, String provider, boolean usageOnRequest) {
    RequestFacts request = Answers.recognise(host, path, CHAT);

    assertThat(request.provider()).isEqualTo(provider);
    assertThat(request.usageOnRequest()).isEqualTo(usageOnRequest);
  }

  @Test
  void ollamaIsKnownByItsPort() {
    assertThat(
            Answers.recognise(
                    NO_ENDPOINTS, "http", "localhost", 11434, "/v1/chat/completions", CHAT)
                .provider())
        .isEqualTo("ollama");
  }

  @Test
  void telemetryHasAWordForTheApi() {
    Protocol chat = Answers.recognise("api.openai.com", "/v1/chat/completions", CHAT).protocol();

    assertThat(chat.telemetryNamespace()).isEqualTo("openai");
    assertThat(chat.telemetryApiType()).isEqualTo("chat_completions");
  }

  @Test
  void theDeploymentIsTheModelWhenTheBodyNamesNone() {
    String path = "/openai/deployments/my%20gpt/embeddings";

    assertThat(Answers.recognise("r.openai.azure.com", path, "{\"input\":\"x\"}").model())
        .isEqualTo("my gpt");
    assertThat(
            Answers.recognise("r.openai.azure.com", path, "{\"input\":\"x\",\"model\":\"m\"}")
                .model())
        .isEqualTo("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | {\"jsonrpc\":\"2.0\",\"messages\":[]}",
        "/v1/chat/completions | {\"model\":\"m\"}",
        "/v1/chat/completions | {\"model\":\"m\",\"messages\":\"text\"}",
        "/v1/chat/completions | [{\"messages\":[]}",
        "/v1/chat/completions | {\"messages\":[]",
        "/v1/chat/completions | {\"messages\":[]}}",
        "/v1/chat/completions | {\"messages\":[],}",
        "/v1/chat/completions | messages=[]",
        "/v1/completions | {\"model\":\"m\",\"messages\":[]}",
        "/v1/completions | {\"prompt\":\"x\"}",
        "/v1/responses | {\"input\":\"x\"}",
        "/v1/responses | {\"model\":\"m\"}",
        "/v1/embeddings | {\"input\":\"x\"}",
        "/v1/embeddings | {\"model\":\"m\",\"prompt\":\"x\"}",
        "/v1/messages | {\"model\":\"m\",\"messages\":[]}",
        "/v1/messages | {\"to\":\"+1\",\"body\":\"hi\"}",
        "/v1/messages/count_tokens | {\"messages\":[]}"
      })
  void otherBodiesAreNoModelCalls(String path, String body) {
    assertThat(Answers.recognise("gateway.example", path, body)).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"mcp-session-id", "mcp-protocol-version"})
  void modelContextProtocolIsNoModelCall(String header) {
    RequestHead head =
        new RequestHead(
            "POST",
            "https",
            "api.openai.com",
            443,
            "/v1/chat/completions",
            null,
            name -> name.equalsIgnoreCase(header) ? "x" : null);

    assertThat(NO_ENDPOINTS.recognise(head, Answers.bytes(CHAT))).isNull();
  }

  @Test
  void aDeclaredEndpointNamesItsCallsAndNeedsLess() {
    Protocols anthropic = with("anthropic", "http://gw:8080/claude/");

    assertThat(anthropic.mayMatch("POST", "/claude/messages")).isTrue();
    assertThat(anthropic.mayMatch("POST", "/claudette/messages")).isFalse();
    RequestFacts request =
        Answers.recognise(anthropic, "http", "GW", 8080, "/claude/messages", MESSAGES);
    assertThat(request.endpointName()).isEqualTo("mine");
    assertThat(request.protocol().id()).isEqualTo("anthropic.messages");
    assertThat(Answers.recognise(anthropic, "http", "gw", 8081, "/claude/messages", MESSAGES))
        .isNull();
    assertThat(Answers.recognise(anthropic, "https", "gw", 8080, "/claude/messages", MESSAGES))
        .isNull();
  }

  @Test
  void anEndpointOfAzureIsAzure() {
    RequestFacts request =
        Answers.recognise(
            with("azure", "https://gw/"),
            "https",
            "gw",
            443,
            "/openai/v1/responses",
            "{\"model\":\"m\",\"input\":\"x\"}");

    assertThat(request.provider()).isEqualTo("azure.ai.openai");
    assertThat(request.endpointName()).isEqualTo("mine");
  }

  @Test
  void theMoreExactEndpointWins() {
    Protocols both =
        new Protocols(
            Arrays.asList(
                new Endpoint("all", URI.create("https://gw"), "openai"),
                new Endpoint("one", URI.create("https://gw/one/v1"), "openai")));

    assertThat(
            Answers.recognise(both, "https", "gw", 443, "/one/v1/chat/completions", CHAT)
                .endpointName())
        .isEqualTo("one");
    assertThat(
            Answers.recognise(both, "https", "gw", 443, "/two/v1/chat/completions", CHAT)
                .endpointName())
        .isEqualTo("all");
  }

  @Test
  void readsTheParametersOfAChat() {
    RequestFacts request =
        Answers.recognise(
            "api.openai.com",
            "/v1/chat/completions",
            "\uFEFF {\"messages\":[{\"role\":\"user\",\"content\":\"model\",\"stream\":false}],"
                + "\"model\":\"a\",\"mod\\u0065l\":\"gpt-4o\",\"stream\":true,\"max_tokens\":5,"
                + "\"max_completion_tokens\":7,\"temperature\":0.5,\"top_p\":1,\"n\":2,"
                + "\"frequency_penalty\":-0.5,\"presence_penalty\":0.25,\"seed\":42,"
                + "\"stop\":[\"a\",\"b\"],\"response_format\":{\"type\":\"json_schema\"},"
                + "\"service_tier\":\"flex\",\"tools\":[{\"type\":\"function\"}],"
                + "\"unknown\":{\"model\":\"no\",\"deep\":[[[{}]]]}}");

    assertThat(request.operation()).isEqualTo(Operation.CHAT);
    assertThat(request.model()).isEqualTo("gpt-4o");
    assertThat(request.stream()).isTrue();
    assertThat(request.maxOutputTokens()).isEqualTo(7);
    assertThat(request.temperature()).isEqualTo(0.5);
    assertThat(request.topP()).isEqualTo(1.0);
    assertThat(request.choices()).isEqualTo(2);
    assertThat(request.frequencyPenalty()).isEqualTo(-0.5);
    assertThat(request.presencePenalty()).isEqualTo(0.25);
    assertThat(request.seed()).isEqualTo(42);
    assertThat(request.stopSequences()).containsExactly("a", "b");
    assertThat(request.outputType()).isEqualTo("json");
    assertThat(request.serviceTier()).isEqualTo("flex");
    assertThat(request.tools()).isTrue();
    assertThat(request.endpointName()).isNull();
  }

  @Test
  void readsTheParametersOfAMessage() {
    RequestFacts request =
        Answers.recognise(
            "api.anthropic.com",
            "/v1/messages",
            "{\"model\":\"claude\",\"max_tokens\":9,\"messages\":[],\"top_k\":3,\"tools\":[],"
                + "\"stop_sequences\":[\"x\"],\"service_tier\":\"auto\","
                + "\"output_config\":{\"format\":{\"type\":\"json_schema\"}}}");

    assertThat(request.provider()).isEqualTo("anthropic");
    assertThat(request.stream()).isFalse();
    assertThat(request.maxOutputTokens()).isEqualTo(9);
    assertThat(request.topK()).isEqualTo(3.0);
    assertThat(request.stopSequences()).containsExactly("x");
    assertThat(request.serviceTier()).isEqualTo("auto");
    assertThat(request.outputType()).isEqualTo("json");
    assertThat(request.tools()).isFalse();
  }

  @Test
  void aResponseMayUseAStoredPrompt() {
    RequestFacts request =
        Answers.recognise("api.openai.com", "/v1/responses", "{\"prompt\":{\"id\":\"p\"}}");

    assertThat(request.protocol().id()).isEqualTo("openai.responses");
    assertThat(request.model()).isNull();
  }

  @Test
  void aPromptOfSeveralMegabytesIsRecognised() {
    char[] text = new char[4 << 20];
    Arrays.fill(text, 'x');
    String body = "{\"messages\":[{\"content\":\"" + new String(text) + "\"}],\"model\":\"last\"}";

    assertThat(Answers.recognise("api.openai.com", "/v1/chat/completions", body).model())
        .isEqualTo("last");
  }

  @Property(tries = 2000)
  void garbageIsNoModelCall(@ForAll byte[] garbage) {
    RequestHead head =
        new RequestHead("POST", "https", "h", 443, "/v1/chat/completions", null, name -> null);

    assertThat(NO_ENDPOINTS.recognise(head, garbage)).isNull();
  }

  @Test
  void hostileBodiesAreNoModelCalls() {
    StringBuilder deep = new StringBuilder("{\"messages\":[],\"x\":");
    for (int i = 0; i < 100_000; i++) {
      deep.append('[');
    }
    StringBuilder number = new StringBuilder("{\"messages\":[],\"seed\":1");
    for (int i = 0; i < 100_000; i++) {
      number.append('0');
    }
    byte[] utf16 = CHAT.getBytes(StandardCharsets.UTF_16BE);

    assertThat(Answers.recognise("h", "/v1/chat/completions", deep.toString())).isNull();
    assertThat(Answers.recognise("h", "/v1/chat/completions", number + "}")).isNull();
    assertThat(
            Answers.recognise(
                "h", "/v1/chat/completions", new String(utf16, StandardCharsets.UTF_8)))
        .isNull();
  }

  @Test
  void aNumberThatFitsNowhereIsNotTaken() {
    RequestFacts request =
        Answers.recognise(
            "h",
            "/v1/chat/completions",
            "{\"messages\":[],\"seed\":99999999999999999999,\"temperature\":1e999,\"n\":4294967297}");

    assertThat(request.seed()).isNull();
    assertThat(request.temperature()).isNull();
    assertThat(request.choices()).isNull();
  }
}
