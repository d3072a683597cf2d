package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.CHAT;
import static io.flyball.protocol.conversation.Requests.GENERATE;
import static io.flyball.protocol.conversation.Requests.MESSAGES;
import static io.flyball.protocol.conversation.Requests.RESPONSES;
import static io.flyball.protocol.conversation.Requests.bytes;
import static io.flyball.protocol.conversation.Requests.quoted;
import static io.flyball.protocol.conversation.Requests.target;
import static io.flyball.protocol.conversation.Requests.text;
import static io.flyball.protocol.conversation.Requests.translate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Targets that speak the application's own protocol: the model changes, the bytes stay. */
class SameProtocolTest {

  private static TargetModel here(String protocol, String model) {
    return TargetModel.builder(protocol).model(model).sameEndpoint(true).build();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "openai.chat | openai | /chat/completions |"
            + " { 'model' : 'gpt-4o' ,'messages':[ {'role':'user','x':1.0} ], 'new' : null }",
        "openai.chat | openai-chat | /chat/completions | {'messages':[],'model':'gpt-4o'}",
        "openai.responses | openai | /responses |"
            + " {'model':'gpt-4o',  'input':'hi', 'store':false}",
        "openai.responses | azure | /openai/v1/responses | {'model':'gpt-4o','input':'hi'}",
        "anthropic.messages | anthropic | /v1/messages |"
            + " {'model':'gpt-4o','messages':[],'max_tokens':7 }"
      })
  void onlyTheModelChanges(String protocol, String target, String path, String body)
      throws UntranslatableException {
    TranslatedRequest translated = translate(protocol, body, target(target, "new-one"));

    assertThat(text(translated)).isEqualTo(quoted(body).replace("gpt-4o", "new-one"));
    assertThat(translated.path()).isEqualTo(path);
    assertThat(translated.sameProtocol()).isTrue();
    assertThat(translated.headers()).isEmpty();
    assertThat(translated.losses()).isEmpty();
  }

  @Test
  void theApplicationsModelStaysWhenTheTargetNamesNone() throws UntranslatableException {
    String body = "{'messages':[] , 'model':'gpt-4o','temperature':2}";
    String azure = "/openai/deployments/gpt-4o/chat/completions?api-version=2025-01-01-preview";

    assertThat(text(translate(CHAT, body, target("openai", null)))).isEqualTo(quoted(body));
    assertThat(
            new String(
                RequestTranslation.translate(
                        Requests.facts(CHAT, "gpt-4o", false),
                        azure,
                        bytes("{'messages':[]}"),
                        target("openai", null))
                    .body(),
                java.nio.charset.StandardCharsets.UTF_8))
        .isEqualTo(quoted("{'model':'gpt-4o','messages':[]}"));
  }

  @Test
  void azureDeploymentsStandInThePath() throws UntranslatableException {
    String body = "{'messages':[],'temperature':0.2}";
    String classic = "/openai/deployments/old/chat/completions?api-version=2025-01-01-preview";

    TranslatedRequest fromAzure = translate(CHAT, classic, body, target("azure", "new"));
    TranslatedRequest fromOpenAi = translate(CHAT, body, target("azure", "new"));
    TranslatedRequest pinned =
        translate(
            CHAT,
            classic,
            body,
            TargetModel.builder("azure").model("new").apiVersion("2026-01-01").build());

    assertThat(text(fromAzure)).isEqualTo(quoted(body));
    assertThat(fromAzure.path())
        .isEqualTo("/openai/deployments/new/chat/completions?api-version=2025-01-01-preview");
    assertThat(fromOpenAi.path())
        .isEqualTo("/openai/deployments/new/chat/completions?api-version=2024-10-21");
    assertThat(pinned.path())
        .isEqualTo("/openai/deployments/new/chat/completions?api-version=2026-01-01");
    assertThat(
            translate(
                    "openai.embeddings",
                    "/v1/embeddings",
                    "{'model':'e','input':'hi'}",
                    target("azure", "e"))
                .path())
        .isEqualTo("/openai/deployments/e/embeddings?api-version=2024-10-21");
  }

  @Test
  void geminisModelStandsInThePathAndNoKeyGoesAlong() throws UntranslatableException {
    String body = "{ 'contents' : [{'parts':[{'text':'hi'}]}] , 'brandNew':1}";
    String path = "/v1beta/models/old:streamGenerateContent?key=secret&alt=sse&access_token=t";

    TranslatedRequest translated =
        translate(GENERATE, path, body, target("gemini", "models/gemini-2.5-pro"));

    assertThat(text(translated)).isEqualTo(quoted(body));
    assertThat(translated.path()).isEqualTo("/models/gemini-2.5-pro:streamGenerateContent?alt=sse");
    assertThat(translated.stream()).isTrue();
    assertThat(
            translate(
                    GENERATE,
                    "/v1/projects/p/locations/l/publishers/google/models/m:generateContent"
                        + "?$alt=json;enum-encoding%3Dint",
                    body,
                    target("gemini", null))
                .path())
        .isEqualTo("/models/source-model:generateContent?$alt=json;enum-encoding%3Dint");
  }

  @Test
  void anthropicsQueryAndVersion() throws UntranslatableException {
    TargetModel target =
        TargetModel.builder("anthropic").model("n").anthropicVersion("2023-06-01").build();

    TranslatedRequest translated =
        translate(MESSAGES, "/v1/messages?beta=true&key=x", "{'messages':[]}", target);
    TranslatedRequest counted =
        translate(
            "anthropic.count_tokens",
            "/v1/messages/count_tokens",
            "{'model':'m','messages':[]}",
            target("anthropic", "m"));

    assertThat(translated.path()).isEqualTo("/v1/messages?beta=true");
    assertThat(translated.headers())
        .containsExactly(org.assertj.core.api.Assertions.entry("anthropic-version", "2023-06-01"));
    assertThat(counted.path()).isEqualTo("/v1/messages/count_tokens");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "openai.responses | openai | 'input':'a','previous_response_id':'r' |"
            + " previous_response_id",
        "openai.responses | openai | 'input':'a','conversation':{'id':'c'} | conversation",
        "openai.responses | openai | 'input':'a','prompt':{'id':'p'} | prompt",
        "openai.responses | openai | 'input':'a','background':true | background",
        "openai.responses | openai | 'input':'a','store':true | store",
        "openai.responses | openai | 'input':[{'type':'item_reference','id':'i'}] |"
            + " input item item_reference",
        "openai.responses | openai | 'input':[{'role':'user','content':"
            + "[{'type':'input_file','file_id':'f'}]}] | file_id",
        "openai.responses | openai | 'input':'a','tools':[{'type':'mcp','authorization':'t'}] |"
            + " hosted tool mcp",
        "openai.chat | openai | 'messages':[{'role':'user','content':[{'type':'file','file':"
            + "{'file_id':'f'}}]}] | file_id",
        "openai.chat | openai | 'messages':[],'store':true | store",
        "openai.chat | openai | 'messages':[],'web_search_options':{} | web_search_options",
        "openai.chat | openai | 'messages':[{'role':'assistant','audio':{'id':'a'}}] |"
            + " audio kept by the provider",
        "anthropic.messages | anthropic | 'messages':[],'container':'c' | container",
        "anthropic.messages | anthropic | 'messages':[],'mcp_servers':[{}] | mcp_servers",
        "anthropic.messages | anthropic | 'messages':[],'tools':[{'type':'bash_20250124'}] |"
            + " hosted tool bash_20250124",
        "anthropic.messages | anthropic | 'messages':[{'role':'user','content':[{'type':'image',"
            + "'source':{'type':'file','file_id':'f'}}]}] | file_id",
        "anthropic.messages | anthropic | 'messages':[{'role':'user','content':["
            + "{'type':'tool_result','content':[{'type':'image','source':{'type':'file'}}]}]}] |"
            + " file_id",
        "anthropic.messages | anthropic | 'messages':[{'role':'assistant','content':["
            + "{'type':'server_tool_use'}]},{'role':'user','content':'a'}] |"
            + " content block server_tool_use",
        "gemini.generate | gemini | 'contents':[],'cachedContent':'c' | cachedContent",
        "gemini.generate | gemini | 'contents':[{'parts':[{'fileData':{'fileUri':"
            + "'https://generativelanguage.googleapis.com/v1beta/files/x'}}]}] |"
            + " file of the provider's",
        "gemini.generate | gemini | 'contents':[],'tools':[{'googleSearch':{}}] |"
            + " hosted tool googleSearch"
      })
  void whatOnlyTheFirstEndpointKnowsIsRefusedElsewhere(
      String protocol, String target, String fields, String reason) throws UntranslatableException {
    String body = "{'model':'source-model'," + fields + "}";

    assertThatThrownBy(() -> translate(protocol, body, target(target, "m2")))
        .isInstanceOfSatisfying(
            UntranslatableException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    assertThat(text(translate(protocol, body, here(target, "source-model"))))
        .isEqualTo(quoted(body));
  }

  @Test
  void reasoningThatOnlyItsEndpointCanReadIsLeftOut() throws UntranslatableException {
    String body =
        "{'model':'o3','input':[{'type':'reasoning','encrypted_content':'x'},"
            + " {'role':'user','content':'a'},{'type':'reasoning','id':'r'}]}";

    TranslatedRequest elsewhere = translate(RESPONSES, body, target("openai", null));

    assertThat(text(elsewhere))
        .isEqualTo(quoted("{'model':'o3','input':[{'role':'user','content':'a'}]}"));
    assertThat(elsewhere.losses()).containsExactly("reasoning");
    assertThat(text(translate(RESPONSES, body, here("openai", null)))).isEqualTo(quoted(body));
  }

  private static final String THINKING_LOOP =
      "{'model':'claude-sonnet-4-5','max_tokens':9000,"
          + "'thinking':{'type':'enabled','budget_tokens':2000},'messages':["
          + "{'role':'user','content':'a'},{'role':'assistant','content':["
          + "{'type':'thinking','thinking':'t','signature':'s'}, {'type':'redacted_thinking'},"
          + " {'type':'text','text':'b'},"
          + "{'type':'tool_use','id':'i','name':'f','input':{}}]},"
          + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'i'}]}]}";

  @Test
  void signedThoughtsStayAtHome() throws UntranslatableException {
    TranslatedRequest elsewhere = translate(MESSAGES, THINKING_LOOP, target("anthropic", null));

    assertThat(text(elsewhere))
        .isEqualTo(
            quoted(
                "{'model':'claude-sonnet-4-5','max_tokens':9000,"
                    + "'thinking':{'type':'disabled'},'messages':["
                    + "{'role':'user','content':'a'},{'role':'assistant','content':["
                    + "{'type':'text','text':'b'},"
                    + "{'type':'tool_use','id':'i','name':'f','input':{}}]},"
                    + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'i'}]}]}"));
    assertThat(elsewhere.losses()).containsExactly("thinking");
    assertThat(text(translate(MESSAGES, THINKING_LOOP, here("anthropic", null))))
        .isEqualTo(quoted(THINKING_LOOP));
  }

  @Test
  void outsideOfAToolLoopTheModelMayThinkAnew() throws UntranslatableException {
    String body =
        "{'model':'claude-sonnet-4-5','max_tokens':9000,"
            + "'thinking':{'type':'enabled','budget_tokens':2000},'messages':["
            + "{'role':'user','content':'a'},"
            + "{'role':'assistant','content':[{'type':'thinking','signature':'s'}]},"
            + "{'role':'user','content':'c'}]}";

    assertThat(text(translate(MESSAGES, body, target("anthropic", null))))
        .isEqualTo(
            quoted(
                "{'model':'claude-sonnet-4-5','max_tokens':9000,"
                    + "'thinking':{'type':'enabled','budget_tokens':2000},'messages':["
                    + "{'role':'user','content':'a'},{'role':'user','content':'c'}]}"));
  }

  private static final String SIGNED_CALLS =
      "{'contents':[{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':["
          + "{'text':'t','thought':true},"
          + "{'functionCall':{'name':'f'},'thoughtSignature':'c2ln'},"
          + "{'functionCall':{'name':'g'}}]},{'role':'user','parts':["
          + "{'functionResponse':{'name':'f'}},{'functionResponse':{'name':'g'}}]},"
          + "{'role':'model','parts':[{ 'functionCall':{'name':'f'}}]},"
          + "{'role':'user','parts':[{'functionResponse':{'name':'f'}}]}]}";

  @Test
  void signaturesOfAnotherEndpointAreReplacedForGemini3() throws UntranslatableException {
    TranslatedRequest translated =
        translate(GENERATE, SIGNED_CALLS, target("gemini", "gemini-3-pro-preview"));

    assertThat(text(translated))
        .isEqualTo(
            quoted(
                "{'contents':[{'role':'user','parts':[{'text':'a'}]},{'role':'model','parts':["
                    + "{'functionCall':{'name':'f'},"
                    + "'thoughtSignature':'skip_thought_signature_validator'},"
                    + "{'functionCall':{'name':'g'}}]},{'role':'user','parts':["
                    + "{'functionResponse':{'name':'f'}},{'functionResponse':{'name':'g'}}]},"
                    + "{'role':'model','parts':[{"
                    + "'thoughtSignature':'skip_thought_signature_validator',"
                    + " 'functionCall':{'name':'f'}}]},"
                    + "{'role':'user','parts':[{'functionResponse':{'name':'f'}}]}]}"));
    assertThat(translated.losses()).containsExactly("thinking", "thoughtSignature");
    assertThat(text(translate(GENERATE, SIGNED_CALLS, here("gemini", null))))
        .isEqualTo(quoted(SIGNED_CALLS));
  }

  @Test
  void olderGeminisGetNoSignatures() throws UntranslatableException {
    assertThat(text(translate(GENERATE, SIGNED_CALLS, target("gemini", "gemini-2.5-pro"))))
        .isEqualTo(
            quoted(SIGNED_CALLS)
                .replace(quoted("{'text':'t','thought':true},"), "")
                .replace(quoted(",'thoughtSignature':'c2ln'"), ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "openai.chat | openai | o3 | {'temperature':0.2,'reasoning_effort':'low','messages':[],"
            + " 'max_tokens':64,'top_p':1} | {'reasoning_effort':'low','messages':[],"
            + " 'max_completion_tokens':64} | temperature+top_p",
        "openai.chat | openai | gpt-4o-mini | {'reasoning_effort':'low','messages':[],"
            + "'max_completion_tokens':99999} | {'messages':[],'max_completion_tokens':16384} |"
            + " reasoning_effort+max output tokens above the target's cap",
        "openai.responses | openai | gpt-5 | {'temperature':0.2,'input':'a'} | {'input':'a'} |"
            + " temperature",
        "anthropic.messages | anthropic | claude-opus-4-7 | {'temperature':1,'top_k':1,"
            + "'messages':[],'thinking':{'type':'enabled','budget_tokens':1024},"
            + "'max_tokens':200000} | {'messages':[],'thinking':{'type':'adaptive'},"
            + "'max_tokens':128000} |"
            + " thinking budget+temperature+top_k+max output tokens above the target's cap",
        "anthropic.messages | anthropic | claude-haiku-4-5 | {'top_p':1,'temperature':1,"
            + "'messages':[]} | {'temperature':1,'messages':[]} | top_p",
        "gemini.generate | gemini | gemini-1.5-pro | {'contents':[],'generationConfig':"
            + "{'maxOutputTokens':9000}} | {'contents':[],'generationConfig':"
            + "{'maxOutputTokens':8192}} | max output tokens above the target's cap"
      })
  void whatAnotherModelAnswersWithAnErrorIsLeftOut(
      String protocol, String target, String model, String body, String made, String losses)
      throws UntranslatableException {
    TranslatedRequest translated = translate(protocol, body, target(target, model));

    String expected =
        protocol.equals(GENERATE) ? made : "{'model':'" + model + "'," + made.substring(1);
    assertThat(text(translated)).isEqualTo(quoted(expected));
    assertThat(String.join("+", translated.losses())).isEqualTo(losses);
  }

  @Test
  void theSameModelElsewhereGetsTheSameParameters() throws UntranslatableException {
    String body = "{'model':'o3','temperature':1,'messages':[],'max_tokens':1}";

    assertThat(text(translate(CHAT, body, target("openai", "o3")))).isEqualTo(quoted(body));
  }

  @Test
  void aNewerVersionOfTheApiTakesLess() throws UntranslatableException {
    TargetModel target = TargetModel.builder("anthropic").anthropicVersion("2026-10-21").build();
    String body = "{'model':'claude-sonnet-4-5','temperature':1,'messages':[]}";

    assertThat(text(translate(MESSAGES, body, target)))
        .isEqualTo(quoted("{'model':'claude-sonnet-4-5','messages':[]}"));
  }

  @Test
  void aThinkingBudgetThatFillsTheCap() {
    TargetModel target = TargetModel.builder("anthropic").maxOutputTokens(1500L).build();

    assertThatThrownBy(
            () -> translate(MESSAGES, THINKING_LOOP.replace("tool_result", "text"), target))
        .isInstanceOfSatisfying(
            UntranslatableException.class,
            e -> assertThat(e.reason()).isEqualTo("thinking budget above the target's cap"));
  }

  @Test
  void aKeyThatStandsTwice() throws UntranslatableException {
    String body = "{'temperature':1,'max_completion_tokens':null,'temperature':2,'max_tokens':3}";

    assertThat(text(translate(CHAT, body, target("openai", "o3"))))
        .isEqualTo(quoted("{'model':'o3','max_completion_tokens':3}"));
  }
}
