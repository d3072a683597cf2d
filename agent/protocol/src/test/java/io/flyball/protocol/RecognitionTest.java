package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.Collections;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
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
  void theDeploymentIsTheModelWhateverTheBodyNames() {
    String path = "/openai/deployments/my%20gpt/embeddings";

    assertThat(Answers.recognise("r.openai.azure.com", path, "{\"input\":\"x\"}").model())
        .isEqualTo("my gpt");
    RequestFacts both =
        Answers.recognise("r.openai.azure.com", path, "{\"input\":\"x\",\"model\":\"m\"}");
    assertThat(both.model()).isEqualTo("my gpt");
    assertThat(both.otherModels()).containsExactly("m");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions |"
            + " {\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"messages\":[]}}",
        "/v1/completions | {\"jsonrpc\":\"2.0\",\"method\":\"m\",\"params\":{\"prompt\":\"x\"}}",
        "/v1/messages |"
            + " {\"jsonrpc\":\"2.0\",\"id\":1,\"params\":{\"model\":\"m\",\"messages\":[]}}",
        "/api/completions | {\"model\":\"m\"}",
        "/api/completions | {\"model\":\"m\",\"prompt\":null}",
        "/api/responses | {\"model\":\"m\",\"instructions\":\"x\"}",
        "/v1/chat/completions | {\"model\":\"m\"}",
        "/v1/chat/completions | {\"model\":\"m\",\"messages\":\"text\"}",
        "/v1/chat/completions | [{\"messages\":[]}",
        "/v1/chat/completions | {\"messages\":[]",
        "/v1/chat/completions | {\"messages\" []}",
        "/v1/chat/completions | {\"messages\":[]]",
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
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions | {\"jsonrpc\":\"2.0\",\"model\":\"m\",\"messages\":[]}",
        "/v1/chat/completions | {\"model\":\"m\",\"messages\":[],\"messages\":null}",
        "/v1/chat/completions | {\"model\":\"m\",\"messages\":null,\"messages\":[]}",
        "/v1/messages | {\"jsonrpc\":null,\"model\":\"m\",\"max_tokens\":5,\"messages\":[]}",
        "/v1/messages | {\"model\":\"m\",\"max_tokens\":5,\"messages\":[],\"messages\":{}}",
        "/v1beta/models/m:generateContent | {\"jsonrpc\":false,\"contents\":[]}",
        "/v1beta/models/m:generateContent | {\"contents\":[],\"contents\":null}",
        "/v1/responses | {\"model\":\"m\",\"input\":\"x\",\"input\":null}",
        "/v1/responses | {\"model\":\"m\",\"instructions\":\"Write a poem\"}",
        "/v1/completions | {\"model\":\"m\"}",
        "/v1/completions | {\"model\":\"m\",\"prompt\":null}",
        "/v1/completions | {\"model\":\"m\",\"prompt\":null,\"prompt_embeds\":\"AAAA\"}",
        "/v1/completions | {\"model\":\"m\",\"prompt\":\"x\",\"messages\":[]}"
      })
  void whatServersAnswerAllTheSameIsAModelCall(String path, String body) {
    assertThat(Answers.recognise("gateway.example", path, body)).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/v1/chat/completions/ | openai.chat",
        "/v1/chat/completions// | openai.chat",
        "/v1/chat%2Fcompletions | openai.chat",
        "/v1/chat/c%6Fmpletions | openai.chat",
        "/v1/chat//completions | openai.chat",
        "/v1/./chat/x/../completions/. | openai.chat",
        "/v1;a=b/chat/completions;v=1 | openai.chat",
        "/v1/%6Dessages | anthropic.messages",
        "/v1/messages/count_tokens/ | anthropic.count_tokens",
        "/v1beta/models/m%3AgenerateContent | gemini.generate",
        "/v1beta/models/m%3astreamGenerateContent/ | gemini.generate"
      })
  void aPathMayBeSpeltOtherwise(String path, String protocol) {
    String body = "{\"model\":\"m\",\"max_tokens\":5,\"messages\":[],\"contents\":[]}";

    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isTrue();
    assertThat(NO_ENDPOINTS.mayMatch("POST", path + "?x=/")).isTrue();
    assertThat(Answers.recognise("gateway.example", path, body).protocol().id())
        .isEqualTo(protocol);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/chat%252Fcompletions",
        "/v1/chat/completions/%2e%2e/",
        "/v1/messages%",
        "/v1/messages%zz",
        "/%73",
        "//",
        "/../..",
        "/x;/v1/chat/completions/x"
      })
  void anotherSpellingOfAnotherPathIsAnotherPath(String path) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isFalse();
  }

  /** By its shape; a header that an application sends with everything says nothing. */
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
    String call =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}";

    assertThat(NO_ENDPOINTS.recognise(head, Answers.bytes(call))).isNull();
    assertThat(NO_ENDPOINTS.recogniseUnread(head)).isNull();
    assertThat(NO_ENDPOINTS.recognise(head, Answers.bytes(CHAT))).isNotNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openrouter.ai | /api/v1/chat/completions | {\"model\":\"m\",\"prompt\":\"x\"}",
        "r.services.ai.azure.com | /api/projects/p/openai/v1/responses |"
            + " {\"agent_reference\":{\"name\":\"a\",\"type\":\"agent_reference\"},\"input\":\"x\"}",
        "api.openai.com | /v1/responses | {\"input\":\"x\"}",
        "vllm.internal | /v1/embeddings | {\"model\":\"m\",\"messages\":[]}",
        "vllm.internal | /V1/Chat/Completions | {\"model\":\"m\",\"messages\":[]}",
        "r.openai.azure.com | /openai/Deployments/x/Chat/Completions | {\"messages\":[]}",
        "gw.internal | /V1/Messages | {\"model\":\"m\",\"max_tokens\":5,\"messages\":[]}"
      })
  void lessUsualRequestsAreModelCalls(String host, String path, String body) {
    assertThat(NO_ENDPOINTS.mayMatch("POST", path)).isTrue();
    assertThat(Answers.recognise(host, path, body)).isNotNull();
  }

  /** Where the address says that it is one, nothing has to be there but something that is asked. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "openrouter.ai | /api/v1/chat/completions | {'prompt':'x','max_tokens':9}",
        "openrouter.gw.internal | /api/v1/chat/completions | {'prompt':'x','max_tokens':9}",
        "openrouter.ai | /api/v1/chat/completions | {'messages':'x'}",
        "openrouter.ai | /api/v1/chat/completions | {'messages':{'role':'user','content':'x'}}",
        "openrouter.ai | /api/v1/chat/completions | {'input':'x'}",
        "openrouter.ai | /api/v1/completions | {'prompt':{'text':'x'}}",
        "openrouter.ai | /api/v1/completions | {'messages':[]}",
        "openrouter.ai | /api/v1/responses | {'input':{'role':'user','content':'x'}}",
        "openrouter.ai | /api/v1/responses | {'instructions':'x'}",
        "r.services.ai.azure.com | /openai/v1/responses | {'agent_reference':{'name':'a'}}",
        "eu.api.openai.com | /v1/embeddings | {'input':{'text':'x'}}",
        "openrouter.ai | /api/v1/messages | {'messages':[],'max_tokens':9}",
        "openrouter.ai | /api/v1/messages | {'messages':[],'model':'m'}",
        "gw.internal | /openai/deployments/d/completions | {'max_tokens':9}",
        "api.portkey.ai | /v1/prompts/p/completions | {}"
      })
  void atAnAddressThatIsAnApisWhatIsMissingIsTheServersAffair(
      String host, String path, String body) {
    assertThat(Answers.recognise(host, path, body.replace('\'', '"'))).isNotNull();
  }

  /** Where something is missing in one shape of a request, it may be in another: all are calls. */
  @Property(tries = 500)
  void atAProviderAskingInAnyWordsIsACall(
      @ForAll @From("asked") String field,
      @ForAll @From("kinds") String value,
      @ForAll boolean model,
      @ForAll boolean limited,
      @ForAll @From("addresses") String path) {
    String body =
        "{\"x\":1"
            + (model ? ",\"model\":\"m\"" : "")
            + (limited ? ",\"max_tokens\":9" : "")
            + ",\""
            + field
            + "\":"
            + value
            + "}";

    assertThat(Answers.recognise("openrouter.ai", path, body)).isNotNull();
  }

  @Provide
  Arbitrary<String> asked() {
    return Arbitraries.of("messages", "prompt", "input");
  }

  @Provide
  Arbitrary<String> kinds() {
    return Arbitraries.of(
        "\"x\"", "[\"x\"]", "[1,2]", "{\"content\":\"x\"}", "[{\"content\":\"x\"}]");
  }

  @Provide
  Arbitrary<String> addresses() {
    return Arbitraries.of(
        "/api/v1/chat/completions", "/api/v1/completions", "/api/v1/responses", "/completions");
  }

  /** Other applications have such paths too, and the words alone are anybody's. */
  @Test
  void elsewhereItHasToBeThere() {
    assertThat(Answers.recognise("gw.internal", "/api/v1/chat/completions", "{\"messages\":\"x\"}"))
        .isNull();
    assertThat(Answers.recognise("openrouter.ai", "/api/v1/chat/completions", "{\"x\":1}"))
        .isNull();
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

    assertThat(Answers.recognise("h", "/v1/chat/completions", deep.toString())).isNull();
    assertThat(Answers.recognise("h", "/v1/chat/completions", number + "}").seed()).isNull();
  }

  /** A proxy may take what a strict parser refuses; then it is a call, and costs what one costs. */
  @Test
  void whatSomeParserTakesIsAModelCall() {
    StringBuilder deep = new StringBuilder("{\"x\":");
    for (int i = 0; i < 200_000; i++) {
      deep.append(i < 100_000 ? '[' : ']');
    }
    String rest = "\"messages\":[{\"content\":\"a\"}],\"model\":\"m\",\"max_tokens\":7}";
    for (String body :
        new String[] {
          "{" + rest + "}",
          "{" + rest + "{\"model\":\"other\"}",
          "{" + rest.replace("7}", "7,}"),
          "{" + rest.replace("\"a\"", "\"a\tb\u0000\""),
          "{\"temperature\":NaN," + rest,
          ("{" + rest).replace('"', '\''),
          "\uFEFF/* of ours */ {model:\"x\", // twice\n" + rest,
          deep + "," + rest
        }) {
      RequestFacts request = Answers.recognise("h", "/v1/chat/completions", body);
      assertThat(request).as(body.substring(0, 20)).isNotNull();
      assertThat(request.model()).isEqualTo("m");
      assertThat(request.maxOutputTokens()).isEqualTo(7);
      assertThat(request.protocol().askForUsage(request, Answers.bytes(body))).isNull();
    }
    RequestHead head =
        new RequestHead("POST", "https", "h", 443, "/v1/chat/completions", null, name -> null);
    for (String charset : new String[] {"UTF-16LE", "UTF-16BE", "UTF-16", "UTF-32LE", "UTF-32BE"}) {
      byte[] body = ("{" + rest).getBytes(Charset.forName(charset));
      assertThat(NO_ENDPOINTS.recognise(head, body).model()).as(charset).isEqualTo("m");
    }
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

  /** Of a body in an encoding that nobody reads only the address and the headers are known. */
  @ParameterizedTest
  @CsvSource({
    "https://h.example/v1/chat/completions, openai.chat,",
    "https://h.example/x/chat/completions, openai.chat,",
    "https://h.example/v1/%63hat/completions, openai.chat,",
    "https://h.example/v1/embeddings, openai.embeddings,",
    "https://h.example/v1/responses, openai.responses,",
    "https://h.example/v1/completions, openai.completions,",
    "https://h.example/openai/deployments/d%201/embeddings, openai.embeddings, d 1",
    "https://api.openai.com/responses, openai.responses,",
    "https://api.anthropic.com/v1/messages, anthropic.messages,",
    "https://h.example/v1beta/models/g-1:streamGenerateContent, gemini.generate, g-1",
    "https://h.example/mine/messages, anthropic.messages,",
    "https://h.example/responses, ,",
    "https://h.example/api/completions, ,",
    "https://h.example/v1/messages, ,",
    "https://h.example/v1/models, ,"
  })
  void whatCannotBeReadIsACallWhereTheAddressSaysSo(String url, String protocol, String model) {
    URI uri = URI.create(url);
    RequestHead head =
        new RequestHead("POST", "https", uri.getHost(), 443, uri.getRawPath(), null, name -> null);

    RequestFacts facts = with("anthropic", "https://h.example/mine").recogniseUnread(head);
    assertThat(facts == null ? null : facts.protocol().id()).isEqualTo(protocol);
    assertThat(facts == null ? null : facts.model()).isEqualTo(model);
  }

  @Test
  void theVersionOfAnthropicSaysWhatCannotBeReadIsACall() {
    RequestHead head =
        new RequestHead(
            "POST",
            "https",
            "h.example",
            443,
            "/v1/messages",
            null,
            name -> name.equalsIgnoreCase("anthropic-version") ? "2023-06-01" : null);

    assertThat(NO_ENDPOINTS.recogniseUnread(head)).isNotNull();
  }
}
