package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.CHAT;
import static io.flyball.protocol.conversation.Requests.GENERATE;
import static io.flyball.protocol.conversation.Requests.MESSAGES;
import static io.flyball.protocol.conversation.Requests.RESPONSES;
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
}
