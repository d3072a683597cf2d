package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.CHAT;
import static io.flyball.protocol.conversation.Requests.GENERATE;
import static io.flyball.protocol.conversation.Requests.MESSAGES;
import static io.flyball.protocol.conversation.Requests.TO_CHAT;
import static io.flyball.protocol.conversation.Requests.TO_GEMINI;
import static io.flyball.protocol.conversation.Requests.TO_MESSAGES;
import static io.flyball.protocol.conversation.Requests.assertMakes;
import static io.flyball.protocol.conversation.Requests.quoted;
import static io.flyball.protocol.conversation.Requests.target;
import static io.flyball.protocol.conversation.Requests.text;
import static io.flyball.protocol.conversation.Requests.translate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a target takes otherwise than it is said: one setting, limit or kind of content at a time.
 */
class TranslatedDetailsTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        // temperature is no share of the scale, and newer models take none
        "claude-3-5-sonnet-20241022 | 'temperature':1.7 | 'temperature':1 | temperature above 1",
        "claude-sonnet-4-20250514 | 'temperature':0.5,'top_p':0.1 |"
            + " 'temperature':0.5,'top_p':0.1 | ``",
        "claude-sonnet-4-5-20250929 | 'temperature':0.5,'top_p':0.1 | 'temperature':0.5 | top_p",
        "claude-opus-4-7 | 'temperature':0.5,'top_p':0.1 | `` | temperature+top_p",
        "claude-sonnet-5 | 'temperature':0.5 | `` | temperature",
        "claude-sonnet-4-5 | 'seed':1,'frequency_penalty':1,'presence_penalty':1 | `` |"
            + " frequency_penalty+presence_penalty+seed",
        "claude-opus-4-6 | 'reasoning_effort':'minimal' | 'output_config':{'effort':'low'} |"
            + " effort",
        "claude-sonnet-4-5 | 'reasoning_effort':'high' | `` | effort"
      })
  void samplingForAnthropic(String model, String fields, String made, String losses)
      throws UntranslatableException {
    TranslatedRequest translated =
        translate(
            CHAT,
            "{'messages':[{'role':'user','content':'hi'}]," + fields + "}",
            target("anthropic", model));

    assertMakes(
        translated,
        "{'model':'"
            + model
            + "','max_tokens':4096,'messages':[{'role':'user','content':'hi'}]"
            + (made.isEmpty() ? "" : "," + made)
            + "}");
    assertThat(String.join("+", translated.losses())).isEqualTo(losses);
  }

  @Test
  void theNewApiVersionTakesNoSamplingAndLateSystemMessages() throws UntranslatableException {
    TargetModel target =
        TargetModel.builder("anthropic")
            .model("claude-sonnet-4-5")
            .anthropicVersion("2026-10-21")
            .build();

    TranslatedRequest translated =
        translate(
            CHAT,
            "{'messages':[{'role':'user','content':'a'},{'role':'system','content':'s'},"
                + "{'role':'user','content':'b'}],'temperature':1}",
            target);

    assertMakes(
        translated,
        "{'model':'claude-sonnet-4-5','max_tokens':4096,'messages':["
            + "{'role':'user','content':'a'},{'role':'system','content':'s'},"
            + "{'role':'user','content':'b'}]}");
    assertThat(translated.headers()).contains(entry("anthropic-version", "2026-10-21"));
    assertThat(translated.losses()).containsExactly("temperature");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "gpt-4o | 'temperature':0.5,'top_k':3 | 'max_tokens':50,'temperature':0.5 | top_k",
        "o3-mini | 'temperature':0.5 | 'max_completion_tokens':50 | temperature",
        "openai/gpt-5.1 | 'temperature':0.5 | 'max_completion_tokens':50 | temperature",
        "gpt-5-chat-latest | 'temperature':0.5 | 'max_tokens':50,'temperature':0.5 | ``",
        "gpt-5 | 'output_config':{'effort':'max'} |"
            + " 'max_completion_tokens':50,'reasoning_effort':'high' | effort",
        "gpt-4o | 'thinking':{'type':'enabled','budget_tokens':4000} | 'max_tokens':50 |"
            + " thinking+effort",
        "mistral-large | 'temperature':0.5 | 'max_tokens':50,'temperature':0.5 | ``"
      })
  void samplingForOpenAi(String model, String fields, String made, String losses)
      throws UntranslatableException {
    TranslatedRequest translated =
        translate(
            MESSAGES,
            "{'max_tokens':50,'messages':[{'role':'user','content':'hi'}]," + fields + "}",
            target("openai", model));

    assertMakes(
        translated,
        "{'model':'" + model + "','messages':[{'role':'user','content':'hi'}]," + made + "}");
    assertThat(String.join("+", translated.losses())).isEqualTo(losses);
  }

  @Test
  void theLimitIsTheApplicationsButNotAboveTheTargets() throws UntranslatableException {
    TargetModel small =
        TargetModel.builder("anthropic").model("claude-sonnet-4-5").maxOutputTokens(1000L).build();
    String free = "{'messages':[{'role':'user','content':'hi'}]}";
    String greedy = "{'max_tokens':2000,'messages':[{'role':'user','content':'hi'}]}";

    assertThat(text(translate(CHAT, free, small))).contains(quoted("'max_tokens':1000,"));
    assertThat(translate(CHAT, free, small).losses()).isEmpty();
    assertThat(text(translate(CHAT, greedy, small))).contains(quoted("'max_tokens':1000,"));
    assertThat(translate(CHAT, greedy, small).losses())
        .containsExactly("max output tokens above the target's cap");
    assertThat(text(translate(CHAT, greedy, TO_MESSAGES))).contains(quoted("'max_tokens':2000,"));
    assertThat(text(translate(CHAT, free, TO_GEMINI))).doesNotContain("maxOutputTokens");
  }

  @Test
  void emptyAndBlankContentIsLeftOut() throws UntranslatableException {
    TranslatedRequest translated =
        translate(
            CHAT,
            "{'messages':[{'role':'system','content':''},{'role':'user','content':'a'},"
                + "{'role':'assistant','content':' '},{'role':'user','content':'b'}]}",
            TO_MESSAGES);

    assertMakes(
        translated,
        "{'model':'claude-sonnet-4-5','max_tokens':4096,'messages':["
            + "{'role':'user','content':'a'},{'role':'user','content':'b'}]}");
  }

  @Test
  void aPrefillEndsWithoutWhiteSpace() throws UntranslatableException {
    TranslatedRequest translated =
        translate(
            GENERATE,
            "{'contents':[{'role':'user','parts':[{'text':'a'}]},"
                + "{'role':'model','parts':[{'text':'Once upon '}]}]}",
            TO_MESSAGES);

    assertThat(text(translated)).contains(quoted("{'role':'assistant','content':'Once upon'}"));
  }

  @Test
  void documents() throws UntranslatableException {
    String chat =
        "{'messages':[{'role':'user','content':[{'type':'file','file':{'filename':'a.pdf',"
            + "'file_data':'data:application/pdf;base64,UERG'}}]}]}";
    String messages =
        "{'max_tokens':1,'messages':[{'role':'user','content':[{'type':'document','source':"
            + "{'type':'text','media_type':'text/plain','data':'words'},'title':'t'}]}]}";

    assertThat(text(translate(CHAT, chat, TO_MESSAGES)))
        .contains(
            quoted(
                "{'type':'document','source':{'type':'base64','media_type':'application/pdf',"
                    + "'data':'UERG'},'title':'a.pdf'}"));
    assertThat(text(translate(CHAT, chat, TO_GEMINI)))
        .contains(quoted("{'inlineData':{'mimeType':'application/pdf','data':'UERG'}}"));
    assertThat(text(translate(MESSAGES, messages, TO_CHAT)))
        .contains(quoted("{'role':'user','content':[{'type':'text','text':'t\\n\\nwords'}]}"));
    assertThat(text(translate(MESSAGES, messages, TO_GEMINI)))
        .contains(quoted("{'inlineData':{'mimeType':'text/plain','data':'d29yZHM='}}"));
    assertThat(
            text(
                translate(
                    GENERATE,
                    "{'contents':[{'parts':[{'inlineData':{'mimeType':'text/plain',"
                        + "'data':'d29yZHM='}}]}]}",
                    TO_MESSAGES)))
        .contains(quoted("'source':{'type':'text','media_type':'text/plain','data':'words'}"));
  }

  @Test
  void failedToolCalls() throws UntranslatableException {
    String messages =
        "{'max_tokens':1,'messages':[{'role':'user','content':'a'},"
            + "{'role':'assistant','content':[{'type':'tool_use','id':'i','name':'f','input':{}}]},"
            + "{'role':'user','content':[{'type':'tool_result','tool_use_id':'i',"
            + "'content':[{'type':'text','text':'no'}],'is_error':true}]}]}";

    assertThat(text(translate(MESSAGES, messages, TO_CHAT)))
        .contains(quoted("{'role':'tool','tool_call_id':'i','content':'Error: no'}"));
    assertThat(text(translate(MESSAGES, messages, TO_GEMINI)))
        .contains(quoted("{'id':'i','name':'f','response':{'error':'no'}}"));
  }

  @Test
  void idsThatTheTargetRefusesBecomeOthersTheSameEachTime() throws UntranslatableException {
    String longId = String.join("", java.util.Collections.nCopies(41, "x"));
    String chat =
        "{'messages':[{'role':'user','content':'a'},{'role':'assistant','tool_calls':["
            + "{'id':'a:b','type':'function','function':{'name':'f','arguments':'{}'}}]},"
            + "{'role':'tool','tool_call_id':'a:b','content':'r'}]}";
    String body = text(translate(CHAT, chat, TO_MESSAGES));
    String id = body.replaceAll(".*\"id\":\"([^\"]+)\".*", "$1");

    assertThat(id).matches("toolu_[0-9a-f]{32}");
    assertThat(body).contains("\"tool_use_id\":\"" + id + "\"").doesNotContain("a:b");
    assertThat(text(translate(CHAT, chat, TO_MESSAGES))).isEqualTo(body);
    assertThat(ToolIds.forOpenAi(longId)).hasSizeLessThanOrEqualTo(40);
    assertThat(ToolIds.forOpenAi("a:b")).isEqualTo("a:b");
  }

  @Test
  void jsonOutput() throws UntranslatableException {
    String schema =
        "{'type':'object','properties':{'a':{'type':'integer'}},'required':['a'],"
            + "'additionalProperties':false}";
    String chat =
        "{'messages':[{'role':'user','content':'hi'}],'response_format':{'type':'json_schema',"
            + "'json_schema':{'name':'n','schema':"
            + schema
            + ",'strict':true}}}";
    String messages =
        "{'max_tokens':1,'messages':[{'role':'user','content':'hi'}],'output_config':"
            + "{'format':{'type':'json_schema','schema':"
            + schema
            + "}}}";
    String gemini =
        "{'contents':[{'parts':[{'text':'as json'}]}],'generationConfig':"
            + "{'responseMimeType':'application/json','responseSchema':{'type':'OBJECT',"
            + "'properties':{'a':{'type':'INTEGER'}}}}}";

    assertThat(text(translate(CHAT, chat, TO_MESSAGES)))
        .contains(quoted("'output_config':{'format':{'type':'json_schema','schema':" + schema));
    assertThat(text(translate(CHAT, chat, TO_GEMINI)))
        .contains(quoted("'responseMimeType':'application/json','responseJsonSchema':" + schema));
    assertThat(text(translate(MESSAGES, messages, TO_CHAT)))
        .contains(
            quoted(
                "'response_format':{'type':'json_schema','json_schema':{'name':'response',"
                    + "'schema':"
                    + schema
                    + ",'strict':true}}"));
    assertThat(text(translate(GENERATE, gemini, TO_CHAT)))
        .contains(
            quoted(
                "'schema':{'type':'object','properties':{'a':{'type':'integer'}}},"
                    + "'strict':false"));
    assertThat(translate(GENERATE, gemini, TO_CHAT).losses()).containsExactly("strict");
  }

  @Test
  void hintsGetLost() throws UntranslatableException {
    TranslatedRequest chat =
        translate(
            CHAT,
            "{'messages':[{'role':'user','name':'bob','content':[{'type':'image_url',"
                + "'image_url':{'url':'data:image/png;base64,AA','detail':'high'}}]}],"
                + "'metadata':{'a':'b'},'prompt_cache_key':'k','service_tier':'flex',"
                + "'store':false,'n':1,'logprobs':false,'logit_bias':{},'brand_new':null}",
            TO_MESSAGES);
    TranslatedRequest messages =
        translate(
            MESSAGES,
            "{'max_tokens':1,'messages':[{'role':'user','content':[{'type':'text','text':'a',"
                + "'cache_control':{'type':'ephemeral'}}]},{'role':'assistant','content':["
                + "{'type':'thinking','thinking':'t','signature':'s'},"
                + "{'type':'text','text':'b'}]},{'role':'user','content':'c'}]}",
            TO_CHAT);

    assertThat(chat.losses())
        .containsExactly("name", "detail", "metadata", "service_tier", "prompt_cache_key");
    assertThat(messages.losses()).containsExactly("cache_control", "thinking");
    assertThat(text(messages))
        .doesNotContain("signature")
        .contains(quoted("{'role':'assistant','content':'b'}"));
  }

  @Test
  void azureTakesTheDeploymentFromThePath() throws UntranslatableException {
    TranslatedRequest translated =
        translate(
            MESSAGES,
            "{'max_tokens':1,'messages':[{'role':'user','content':'a'}]}",
            target("azure", "my deployment"));

    assertThat(translated.path())
        .isEqualTo("/openai/deployments/my%20deployment/chat/completions?api-version=2024-10-21");
  }

  @Test
  void usageIsNotAskedForWhereItCannotBe() throws UntranslatableException {
    TargetModel mistral =
        TargetModel.builder("openai").model("mistral-small").usageOnRequest(false).build();

    assertThat(
            text(
                translate(
                    MESSAGES,
                    "{'max_tokens':1,'stream':true,'messages':[{'role':'user','content':'a'}]}",
                    mistral)))
        .contains(quoted("'stream':true}"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://api.openai.com/v1,/chat/completions,https://api.openai.com/v1/chat/completions",
    "https://api.openai.com/v1/,/responses,https://api.openai.com/v1/responses",
    "https://api.anthropic.com,/v1/messages,https://api.anthropic.com/v1/messages",
    "https://api.anthropic.com/v1,/v1/messages,https://api.anthropic.com/v1/messages",
    "https://gw/anthropic/v1/,/v1/messages,https://gw/anthropic/v1/messages",
    "https://v1,/v1/messages,https://v1/v1/messages",
    "https://g/v1beta,/models/m:generateContent,https://g/v1beta/models/m:generateContent",
    "https://x.azure.com/openai,/openai/deployments/d,https://x.azure.com/openai/deployments/d",
    "https://x.azure.com,/openai/deployments/d,https://x.azure.com/openai/deployments/d"
  })
  void joins(String base, String path, String expected) {
    assertThat(RequestTranslation.join(base, path)).isEqualTo(expected);
  }
}
