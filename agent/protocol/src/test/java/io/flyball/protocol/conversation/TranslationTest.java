package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.CHAT;
import static io.flyball.protocol.conversation.Requests.GENERATE;
import static io.flyball.protocol.conversation.Requests.MESSAGES;
import static io.flyball.protocol.conversation.Requests.RESPONSES;
import static io.flyball.protocol.conversation.Requests.TO_CHAT;
import static io.flyball.protocol.conversation.Requests.TO_GEMINI;
import static io.flyball.protocol.conversation.Requests.TO_MESSAGES;
import static io.flyball.protocol.conversation.Requests.quoted;
import static io.flyball.protocol.conversation.Requests.target;
import static io.flyball.protocol.conversation.Requests.text;
import static io.flyball.protocol.conversation.Requests.translate;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests of one protocol and what is made of them for another, row by row. */
class TranslationTest {
  private static final String WEATHER_SCHEMA =
      "{'type':'object','properties':{'city':{'type':'string'}}, 'required':['city']}";

  private static final String CHAT_TOOLS =
      "{'model':'gpt-4o','messages':["
          + "{'role':'system','content':'be brief'},{'role':'developer','content':'be kind'},"
          + "{'role':'user','content':'weather?'},"
          + "{'role':'assistant','content':null,'tool_calls':["
          + "{'id':'call_1','type':'function','function':"
          + "{'name':'weather','arguments':'{ \\'city\\' : \\'Oslo\\', \\'n\\':1.50 }'}},"
          + "{'id':'call_2','type':'function','function':{'name':'weather','arguments':''}}]},"
          + "{'role':'tool','tool_call_id':'call_2','content':'{\\'t\\': 3.0}'},"
          + "{'role':'tool','tool_call_id':'call_1','content':'rain'},"
          + "{'role':'user','content':'and?'}],"
          + "'tools':[{'type':'function','function':{'name':'weather','description':'asks',"
          + "'parameters':"
          + WEATHER_SCHEMA
          + "}}],'tool_choice':'required','parallel_tool_calls':true,"
          + "'max_completion_tokens':100,'temperature':0.20,'stop':'END','stream':true,"
          + "'user':'u1'}";

  private static final String MESSAGES_TOOLS =
      "{'model':'claude-sonnet-4-5','max_tokens':100,'system':'be brief\\n\\nbe kind','messages':["
          + "{'role':'user','content':'weather?'},"
          + "{'role':'assistant','content':["
          + "{'type':'tool_use','id':'call_1','name':'weather',"
          + "'input':{ 'city' : 'Oslo', 'n':1.50 }},"
          + "{'type':'tool_use','id':'call_2','name':'weather','input':{}}]},"
          + "{'role':'user','content':["
          + "{'type':'tool_result','tool_use_id':'call_2','content':'{\\'t\\': 3.0}'},"
          + "{'type':'tool_result','tool_use_id':'call_1','content':'rain'},"
          + "{'type':'text','text':'and?'}]}],"
          + "'tools':[{'name':'weather','description':'asks','input_schema':"
          + WEATHER_SCHEMA
          + "}],'tool_choice':{'type':'any'},"
          + "'temperature':0.20,'stop_sequences':['END'],'stream':true,"
          + "'metadata':{'user_id':'u1'}}";

  private static void assertMakes(TranslatedRequest translated, String expected) {
    assertThat(text(translated)).isEqualTo(quoted(expected));
  }

  /** JSON inside strings is written with escaped quotes. */
  private static String escaped(String json) {
    return json.replace("\\'", "\\\"");
  }

  @Test
  void chatToMessages() throws UntranslatableException {
    TranslatedRequest translated = translate(CHAT, escaped(CHAT_TOOLS), TO_MESSAGES);

    assertMakes(translated, escaped(MESSAGES_TOOLS));
    assertThat(translated.path()).isEqualTo("/v1/messages");
    assertThat(translated.headers())
        .containsExactly(
            entry("content-type", "application/json"),
            entry("accept", "text/event-stream"),
            entry("anthropic-version", "2023-06-01"));
    assertThat(translated.sameProtocol()).isFalse();
    assertThat(translated.stream()).isTrue();
    assertThat(translated.losses()).isEmpty();
  }

  @Test
  void chatToGemini() throws UntranslatableException {
    TranslatedRequest translated = translate(CHAT, escaped(CHAT_TOOLS), TO_GEMINI);

    assertMakes(
        translated,
        "{'systemInstruction':{'parts':[{'text':'be brief\\n\\nbe kind'}]},'contents':["
            + "{'role':'user','parts':[{'text':'weather?'}]},"
            + "{'role':'model','parts':["
            + "{'functionCall':{'id':'call_1','name':'weather',"
            + "'args':{ 'city' : 'Oslo', 'n':1.50 }}},"
            + "{'functionCall':{'id':'call_2','name':'weather','args':{}}}]},"
            + "{'role':'user','parts':["
            + "{'functionResponse':{'id':'call_1','name':'weather','response':{'result':'rain'}}},"
            + "{'functionResponse':{'id':'call_2','name':'weather','response':{'t': 3.0}}}]},"
            + "{'role':'user','parts':[{'text':'and?'}]}],"
            + "'tools':[{'functionDeclarations':[{'name':'weather','description':'asks',"
            + "'parametersJsonSchema':"
            + WEATHER_SCHEMA
            + "}]}],'toolConfig':{'functionCallingConfig':{'mode':'ANY'}},"
            + "'generationConfig':{'maxOutputTokens':100,'temperature':0.20,"
            + "'stopSequences':['END']}}");
    assertThat(translated.path())
        .isEqualTo("/models/gemini-2.5-flash:streamGenerateContent?alt=sse");
    assertThat(translated.headers()).extracting("key").containsExactly("content-type", "accept");
    assertThat(translated.losses()).containsExactly("user");
  }

  @Test
  void messagesToChat() throws UntranslatableException {
    TranslatedRequest translated = translate(MESSAGES, escaped(MESSAGES_TOOLS), TO_CHAT);

    assertMakes(
        translated,
        escaped(
            "{'model':'gpt-4o','messages':["
                + "{'role':'system','content':'be brief\\n\\nbe kind'},"
                + "{'role':'user','content':'weather?'},"
                + "{'role':'assistant','content':null,'tool_calls':["
                + "{'id':'call_1','type':'function','function':"
                + "{'name':'weather','arguments':'{ \\'city\\' : \\'Oslo\\', \\'n\\':1.50 }'}},"
                + "{'id':'call_2','type':'function','function':"
                + "{'name':'weather','arguments':'{}'}}]},"
                + "{'role':'tool','tool_call_id':'call_2','content':'{\\'t\\': 3.0}'},"
                + "{'role':'tool','tool_call_id':'call_1','content':'rain'},"
                + "{'role':'user','content':'and?'}],"
                + "'tools':[{'type':'function','function':{'name':'weather','description':'asks',"
                + "'parameters':"
                + WEATHER_SCHEMA
                + "}}],'tool_choice':'required',"
                + "'max_tokens':100,'temperature':0.20,'stop':['END'],'stream':true,"
                + "'stream_options':{'include_usage':true},'user':'u1'}"));
    assertThat(translated.path()).isEqualTo("/chat/completions");
    assertThat(translated.losses()).isEmpty();
  }

  @Test
  void geminiToTheOthers() throws UntranslatableException {
    String gemini =
        "{'contents':[{'parts':[{'text':'a'},{'text':'b'}]},"
            + "{'role':'model','parts':[{'text':'thought','thought':true},{'functionCall':"
            + "{'name':'f','args':{'a':1}},'thoughtSignature':'s'},"
            + "{'functionCall':{'name':'g','args':{}}}]},"
            + "{'role':'user','parts':[{'functionResponse':{'name':'g','response':{'ok':true}}},"
            + "{'functionResponse':{'name':'f','response':{'output':'plain'}}}]}],"
            + "'system_instruction':{'parts':[{'text':'s'}]},"
            + "'tools':[{'functionDeclarations':[{'name':'g','parameters':{'type':'OBJECT',"
            + "'properties':{'type':{'type':'STRING','nullable':true}},"
            + "'propertyOrdering':['type']}}]}],"
            + "'toolConfig':{'functionCallingConfig':{'mode':'ANY',"
            + "'allowedFunctionNames':['g']}},"
            + "'generationConfig':{'maxOutputTokens':5,'topP':0.5,'topK':40,'candidateCount':1,"
            + "'responseLogprobs':false}}";

    TranslatedRequest messages = translate(GENERATE, gemini, TO_MESSAGES);
    TranslatedRequest chat = translate(GENERATE, gemini, TO_CHAT);

    assertMakes(
        messages,
        "{'model':'claude-sonnet-4-5','max_tokens':5,'system':'s','messages':["
            + "{'role':'user','content':[{'type':'text','text':'a'},{'type':'text','text':'b'}]},"
            + "{'role':'assistant','content':["
            + "{'type':'tool_use','id':'call_0','name':'f','input':{'a':1}},"
            + "{'type':'tool_use','id':'call_1','name':'g','input':{}}]},"
            + "{'role':'user','content':["
            + "{'type':'tool_result','tool_use_id':'call_1','content':'{\\'ok\\':true}'},"
                .replace("\\'", "\\\"")
            + "{'type':'tool_result','tool_use_id':'call_0','content':'plain'}]}],"
            + "'tools':[{'name':'g','input_schema':{'type':'object','properties':"
            + "{'type':{'type':['string','null']}}}}],"
            + "'tool_choice':{'type':'tool','name':'g'},'top_p':0.5,'top_k':40}");
    assertThat(messages.losses()).containsExactly("thinking", "thoughtSignature");
    assertThat(text(chat))
        .startsWith(
            quoted(
                "{'model':'gpt-4o','messages':[{'role':'system','content':'s'},"
                    + "{'role':'user','content':[{'type':'text','text':'a'},"
                    + "{'type':'text','text':'b'}]},"))
        .contains(quoted("'tool_choice':{'type':'function','function':{'name':'g'}}"))
        .contains(quoted("'max_tokens':5,'top_p':0.5}"));
    assertThat(chat.losses()).containsExactly("thinking", "thoughtSignature", "top_k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // as google-genai, LangChain4j and the Vertex AI client sent them
        "{'contents': [{'parts': [{'text': 'hi'}], 'role': 'user'}], 'systemInstruction': "
            + "{'parts': [{'text': 'be brief'}], 'role': 'user'}, 'generationConfig': "
            + "{'temperature': 0.2, 'maxOutputTokens': 64}}",
        "{'contents': [{'parts': [{'text': 'hi'}], 'role': 'user'}], 'systemInstruction': "
            + "{'parts': [{'text': 'be brief'}], 'role': 'model'}, 'generationConfig': "
            + "{'responseMimeType': 'text/plain', 'candidateCount': 1, 'responseLogprobs': false, "
            + "'enableEnhancedCivicAnswers': false}}",
        "{'contents': [{'role': 'user', 'parts': [{'text': 'hi'}]}], 'generationConfig': {}}"
      })
  void whatSdksSendToGemini(String body) throws UntranslatableException {
    String stream = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";

    assertThat(text(translate(GENERATE, stream, body, TO_CHAT)))
        .contains(quoted("{'role':'user','content':'hi'}"), quoted("'stream':true"));
    assertThat(text(translate(GENERATE, body, TO_MESSAGES)))
        .contains(quoted("{'role':'user','content':'hi'}"))
        .doesNotContain("stream");
    assertThat(text(translate(GENERATE, body, TO_GEMINI))).isEqualTo(quoted(body));
  }

  @Test
  void responsesToTheOthers() throws UntranslatableException {
    String responses =
        "{'model':'gpt-5','instructions':'be brief','input':["
            + "{'role':'user','content':[{'type':'input_text','text':'hi'},"
            + "{'type':'input_image','image_url':'data:image/png;base64,AAAA'}]},"
            + "{'type':'reasoning','id':'rs_1','encrypted_content':'x'},"
            + "{'type':'message','role':'assistant','content':[{'type':'output_text',"
            + "'text':'hm','annotations':[]}]},"
            + "{'type':'function_call','id':'fc_1','call_id':'c1','name':'f','arguments':'{}'},"
            + "{'type':'function_call','call_id':'c2','name':'f','arguments':'{}'},"
            + "{'type':'function_call_output','call_id':'c1','output':'r1'},"
            + "{'type':'function_call_output','call_id':'c2','output':'r2'}],"
            + "'tools':[{'type':'function','name':'f','parameters':{'type':'object',"
            + "'properties':{},'additionalProperties':false,'required':[]},'strict':true}],"
            + "'tool_choice':{'type':'function','name':'f'},'max_output_tokens':9,"
            + "'reasoning':{'effort':'medium'},'store':false,'stream':true}";

    TranslatedRequest chat = translate(RESPONSES, responses, target("openai-chat", "gpt-5"));
    TranslatedRequest messages = translate(RESPONSES, responses, TO_MESSAGES);
    TranslatedRequest gemini = translate(RESPONSES, responses, TO_GEMINI);

    assertMakes(
        chat,
        "{'model':'gpt-5','messages':[{'role':'system','content':'be brief'},"
            + "{'role':'user','content':[{'type':'text','text':'hi'},"
            + "{'type':'image_url','image_url':{'url':'data:image/png;base64,AAAA'}}]},"
            + "{'role':'assistant','content':'hm','tool_calls':["
            + "{'id':'c1','type':'function','function':{'name':'f','arguments':'{}'}},"
            + "{'id':'c2','type':'function','function':{'name':'f','arguments':'{}'}}]},"
            + "{'role':'tool','tool_call_id':'c1','content':'r1'},"
            + "{'role':'tool','tool_call_id':'c2','content':'r2'}],"
            + "'tools':[{'type':'function','function':{'name':'f','parameters':{'type':'object',"
            + "'properties':{},'additionalProperties':false,'required':[]},'strict':true}}],"
            + "'tool_choice':{'type':'function','function':{'name':'f'}},"
            + "'max_completion_tokens':9,'stream':true,'stream_options':{'include_usage':true},"
            + "'reasoning_effort':'medium'}");
    assertThat(chat.losses()).containsExactly("reasoning");
    assertThat(text(messages))
        .contains(quoted("'strict':true"))
        .contains(
            quoted(
                "{'type':'image','source':{'type':'base64','media_type':'image/png',"
                    + "'data':'AAAA'}}"));
    assertThat(messages.losses()).containsExactly("reasoning", "effort");
    assertThat(text(gemini))
        .contains(quoted("{'inlineData':{'mimeType':'image/png','data':'AAAA'}}"))
        .contains(quoted("'thinkingConfig':{'thinkingBudget':8192}"));
  }

  @Test
  void foreignCallsGetTheWordThatGemini3TakesForASignature() throws UntranslatableException {
    String body = text(translate(CHAT, escaped(CHAT_TOOLS), target("gemini", "gemini-3-pro")));

    assertThat(body)
        .contains(
            quoted(
                "{'functionCall':{'id':'call_1','name':'weather','args':{ 'city' : 'Oslo', "
                    + "'n':1.50 }},'thoughtSignature':'skip_thought_signature_validator'},"
                    + "{'functionCall':{'id':'call_2','name':'weather','args':{}}}]"));
  }

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
