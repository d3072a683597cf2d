package io.flyball.protocol.conversation;

import static io.flyball.protocol.conversation.Requests.CHAT;
import static io.flyball.protocol.conversation.Requests.GENERATE;
import static io.flyball.protocol.conversation.Requests.MESSAGES;
import static io.flyball.protocol.conversation.Requests.RESPONSES;
import static io.flyball.protocol.conversation.Requests.TO_CHAT;
import static io.flyball.protocol.conversation.Requests.TO_GEMINI;
import static io.flyball.protocol.conversation.Requests.TO_MESSAGES;
import static io.flyball.protocol.conversation.Requests.target;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is refused, each with its reason, rather than sent with another meaning. */
class RefusalTest {
  private static final String HI = "{'role':'user','content':'hi'}";

  private static String reason(String protocol, String path, String body, TargetModel target) {
    UntranslatableException refusal =
        catchThrowableOfType(
            UntranslatableException.class, () -> Requests.translate(protocol, path, body, target));
    return refusal == null ? null : refusal.reason();
  }

  private static String reason(String protocol, String body, TargetModel target) {
    return reason(protocol, Requests.path(protocol), body, target);
  }

  private static String chat(String fields) {
    return "{'model':'gpt-4o','messages':[" + HI + "]," + fields + "}";
  }

  private static String chatOf(String messages) {
    return "{'model':'gpt-4o','messages':[" + messages + "]}";
  }

  private static String messages(String fields) {
    return "{'model':'m','max_tokens':9,'messages':[" + HI + "]," + fields + "}";
  }

  private static String messagesOf(String messages) {
    return "{'model':'m','max_tokens':9,'messages':[" + messages + "]}";
  }

  private static String gemini(String fields) {
    return "{'contents':[{'role':'user','parts':[{'text':'hi'}]}]," + fields + "}";
  }

  private static String geminiParts(String parts) {
    return "{'contents':[{'role':'user','parts':[" + parts + "]}]}";
  }

  private static String responses(String fields) {
    return "{'model':'m','input':'hi'," + fields + "}";
  }

  private static String responsesOf(String items) {
    return "{'model':'m','input':[" + items + "]}";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'n':2 | n > 1",
        "'logprobs':true | logprobs",
        "'top_logprobs':3 | logprobs",
        "'logit_bias':{'50256':-100} | logit_bias",
        "'store':true | store",
        "'audio':{'voice':'alloy'} | audio",
        "'modalities':['text','audio'] | modalities",
        "'prediction':{'type':'content'} | prediction",
        "'web_search_options':{} | web_search_options",
        "'functions':[] | functions",
        "'data_sources':[] | field data_sources in request",
        "'a secret word':1 | field of an unknown name in request",
        "'tools':[{'type':'custom','custom':{}}] | hosted tool custom",
        "'tools':[{'type':'function','function':{'name':'f','x':1}}] | field x in function",
        "'tools':[{'type':'web_search'}] | hosted tool web_search",
        "'tool_choice':{'type':'allowed_tools'} | tool_choice allowed_tools",
        "'response_format':{'type':'grammar'} | response_format grammar",
        "'temperature':'hot' | malformed temperature",
        "'stop':[1] | malformed stop",
        "'messages':7 | malformed messages"
      })
  void fieldsOfChat(String fields, String reason) {
    assertThat(reason(CHAT, chat(fields), TO_MESSAGES)).isEqualTo(reason);
    assertThat(reason(CHAT, chat(fields), TO_GEMINI)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'role':'user','content':[{'type':'file','file':{'file_id':'f'}}]} | file_id",
        "{'role':'user','content':[{'type':'video_url'}]} | content part video_url",
        "{'role':'user','content':[{'type':'image_url','image_url':{'url':'data:image/png,x'}}]}"
            + " | data URL that is not base64",
        "{'role':'user','content':'a','cache':1} | field cache in message",
        "{'role':'function','name':'f','content':'x'} | message role function",
        "{'role':'user','content':'a'},{'role':'assistant','audio':{'id':'a'}} | audio",
        "{'role':'user','content':'a'},{'role':'assistant','content':'b'}"
            + " | assistant message at the end",
        "{'role':'user','content':'a'},{'role':'assistant','tool_calls':[{'id':'1',"
            + "'function':{'name':'f','arguments':'{broken'}}]} | tool arguments that are no JSON object",
        "{'role':'user','content':'a'},{'role':'assistant','tool_calls':[{'id':'1',"
            + "'function':{'name':'f','arguments':'{}'}}]},{'role':'user','content':'b'}"
            + " | tool call without its result",
        "{'role':'tool','tool_call_id':'1','content':'a'} | tool result without its call",
        "{'role':'system','content':'a'} | no user message",
        "{'role':'assistant','content':'a'},{'role':'user','content':'b'}"
            + " | assistant message at the beginning",
        "{'role':'user','content':'a'},{'role':'system','content':'b'},"
            + "{'role':'user','content':'c'} | system message in mid-conversation",
        "{'role':'user','content':[{'type':'image_url','image_url':"
            + "{'url':'data:image/bmp;base64,xx'}}]} | image type the target does not take"
      })
  void messagesOfChat(String messages, String reason) {
    assertThat(reason(CHAT, chatOf(messages), TO_MESSAGES)).isEqualTo(reason);
    assertThat(reason(CHAT, chatOf(messages), TO_GEMINI)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'previous_response_id':'r' | previous_response_id",
        "'conversation':'c' | conversation",
        "'prompt':{'id':'p'} | prompt",
        "'background':true | background",
        "'store':true | store",
        "'include':['message.output_text.logprobs'] | include message.output_text.logprobs",
        "'tools':[{'type':'web_search'}] | hosted tool web_search",
        "'tools':[{'type':'mcp','server_url':'u'}] | hosted tool mcp",
        "'tools':[{'type':'file_search','vector_store_ids':[]}] | hosted tool file_search",
        "'top_logprobs':2 | logprobs",
        "'brand_new':1 | field brand_new in request"
      })
  void fieldsOfResponses(String fields, String reason) {
    assertThat(reason(RESPONSES, responses(fields), TO_CHAT)).isEqualTo(reason);
    assertThat(reason(RESPONSES, responses(fields), TO_MESSAGES)).isEqualTo(reason);
    assertThat(reason(RESPONSES, responses(fields), TO_GEMINI)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'item_reference','id':'i'} | input item item_reference",
        "{'type':'web_search_call','id':'i'} | input item web_search_call",
        "{'type':'computer_call','id':'i'} | input item computer_call",
        "{'role':'user','content':[{'type':'input_file','file_id':'f'}]} | file_id",
        "{'role':'user','content':[{'type':'input_image','file_id':'f'}]} | file_id"
      })
  void itemsOfResponses(String items, String reason) {
    assertThat(reason(RESPONSES, responsesOf(items), TO_MESSAGES)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'container':'c' | container",
        "'mcp_servers':[] | mcp_servers",
        "'context_management':{} | context_management",
        "'inference_geo':'us' | inference_geo",
        "'tools':[{'type':'web_search_20250305','name':'w'}] | hosted tool web_search_20250305",
        "'tools':[{'name':'f','input_schema':{},'allowed_callers':['code']}]"
            + " | tool for a hosted tool",
        "'tools':[{'name':'f','input_schema':{},'defer_loading':true}] | defer_loading",
        "'brand_new':1 | field brand_new in request"
      })
  void fieldsOfMessages(String fields, String reason) {
    assertThat(reason(MESSAGES, messages(fields), TO_CHAT)).isEqualTo(reason);
    assertThat(reason(MESSAGES, messages(fields), TO_GEMINI)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'type':'server_tool_use','id':'i'} | content block server_tool_use",
        "{'type':'web_search_tool_result'} | content block web_search_tool_result",
        "{'type':'container_upload','file_id':'f'} | content block container_upload",
        "{'type':'search_result'} | content block search_result",
        "{'type':'image','source':{'type':'file','file_id':'f'}} | image source file",
        "{'type':'document','source':{'type':'file','file_id':'f'}} | document source file",
        "{'type':'document','source':{'type':'text','data':'x'},'citations':{'enabled':true}}"
            + " | citations"
      })
  void blocksOfMessages(String block, String reason) {
    String body = messagesOf("{'role':'user','content':[" + block + "]}");

    assertThat(reason(MESSAGES, body, TO_CHAT)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "'cachedContent':'c' | cachedContent",
        "'cached_content':'c' | cachedContent",
        "'tools':[{'googleSearch':{}}] | hosted tool googleSearch",
        "'tools':[{'functionDeclarations':[]},{'codeExecution':{}}] | hosted tool codeExecution",
        "'generationConfig':{'candidateCount':2} | n > 1",
        "'generationConfig':{'responseLogprobs':true} | responseLogprobs",
        "'generationConfig':{'responseModalities':['IMAGE']} | responseModalities",
        "'generationConfig':{'speechConfig':{}} | speechConfig",
        "'safetySettings':[{'category':'c','threshold':'BLOCK_LOW_AND_ABOVE'}] | safetySettings",
        "'toolConfig':{'functionCallingConfig':{'mode':'ANY','allowedFunctionNames':['a','b']}}"
            + " | allowedFunctionNames",
        "'brandNew':1 | field brandNew in request"
      })
  void fieldsOfGemini(String fields, String reason) {
    assertThat(reason(GENERATE, gemini(fields), TO_CHAT)).isEqualTo(reason);
    assertThat(reason(GENERATE, gemini(fields), TO_MESSAGES)).isEqualTo(reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'fileData':{'fileUri':'https://generativelanguage.googleapis.com/v1beta/files/x'}}"
            + " | file of the provider's",
        "{'fileData':{'fileUri':'gs://bucket/x','mimeType':'image/png'}} | file of the provider's",
        "{'executableCode':{}} | executableCode",
        "{'inlineData':{'mimeType':'video/mp4','data':'x'}}"
            + " | inline data that is no image, text, PDF, WAV or MP3",
        "{'inlineData':{'mimeType':'audio/wav','data':'x'}} | audio",
        "{'inlineData':{'mimeType':'image/heic','data':'x'}} | image type the target does not take"
      })
  void partsOfGemini(String parts, String reason) {
    assertThat(reason(GENERATE, geminiParts(parts), TO_CHAT)).isEqualTo(reason);
    assertThat(reason(GENERATE, geminiParts(parts), TO_MESSAGES)).isEqualTo(reason);
  }

  @Test
  void aStreamThatIsAnArray() {
    String path = "/v1beta/models/m:streamGenerateContent";

    assertThat(reason(GENERATE, path, gemini("'tools':[]"), TO_CHAT))
        .isEqualTo("stream that is a JSON array");
  }

  @Test
  void whatOneTargetLacks() {
    String remoteImage =
        chatOf(
            "{'role':'user','content':[{'type':'image_url','image_url':{'url':'https://h/i'}}]}");
    String gif =
        chatOf(
            "{'role':'user','content':[{'type':'image_url','image_url':"
                + "{'url':'data:image/gif;base64,xx'}}]}");
    String audio =
        chatOf(
            "{'role':'user','content':[{'type':'input_audio','input_audio':"
                + "{'data':'x','format':'wav'}}]}");
    String tools = "'tools':[{'type':'function','function':{'name':'f'}}]";

    assertThat(reason(CHAT, remoteImage, TO_MESSAGES)).isNull();
    assertThat(reason(CHAT, remoteImage, TO_GEMINI)).isEqualTo("image by address");
    assertThat(reason(CHAT, gif, TO_MESSAGES)).isNull();
    assertThat(reason(CHAT, gif, TO_GEMINI)).isEqualTo("image type the target does not take");
    assertThat(reason(CHAT, audio, TO_MESSAGES)).isEqualTo("audio");
    assertThat(reason(CHAT, audio, TO_GEMINI)).isNull();
    assertThat(reason(CHAT, chat(tools + ",'parallel_tool_calls':false"), TO_GEMINI))
        .isEqualTo("parallel_tool_calls false");
    assertThat(reason(CHAT, chat("'stop':' '"), TO_MESSAGES))
        .isEqualTo("stop sequence of white space");
    assertThat(reason(MESSAGES, messages("'stop_sequences':['1','2','3','4','5']"), TO_CHAT))
        .isEqualTo("more than 4 stop sequences");
    assertThat(reason(MESSAGES, messages("'stop_sequences':['1','2','3','4','5']"), TO_GEMINI))
        .isNull();
    assertThat(reason(MESSAGES, messages("'stop_sequences':['x']"), target("openai", "o3")))
        .isEqualTo("stop sequences");
  }

  @Test
  void argumentsThatAreNoUnicode() {
    String body =
        chatOf(
            HI
                + ",{'role':'assistant','tool_calls':[{'id':'1','function':{'name':'f',"
                + "'arguments':'{\\'a\\':\\'\\ud800\\'}'}}]},".replace("\\'", "\\\"")
                + "{'role':'tool','tool_call_id':'1','content':'r'}");

    assertThat(reason(CHAT, body, TO_MESSAGES)).isEqualTo("tool arguments that are no JSON object");
    assertThat(reason(CHAT, body.replace("\\ud800", "x"), TO_MESSAGES)).isNull();
  }

  @Test
  void picturesByTheAssistant() {
    String body =
        "{'contents':[{'role':'user','parts':[{'text':'draw'}]},{'role':'model','parts':["
            + "{'inlineData':{'mimeType':'image/png','data':'AA'}}]},"
            + "{'role':'user','parts':[{'text':'more'}]}]}";

    assertThat(reason(GENERATE, body, TO_CHAT)).isEqualTo("assistant message with more than text");
    assertThat(reason(GENERATE, body, TO_MESSAGES))
        .isEqualTo("assistant message with more than text");
  }

  @Test
  void jsonThatTheTargetCannotPromise() {
    String object = chat("'response_format':{'type':'json_object'}");
    String open =
        chat(
            "'response_format':{'type':'json_schema','json_schema':"
                + "{'name':'n','schema':{'type':'object','properties':{}}}}");
    String closed =
        chat(
            "'response_format':{'type':'json_schema','json_schema':{'name':'n','schema':"
                + "{'type':'object','properties':{},'additionalProperties':false}}}");

    assertThat(reason(CHAT, object, TO_MESSAGES)).isEqualTo("JSON mode without a schema");
    assertThat(reason(CHAT, object, TO_GEMINI)).isNull();
    assertThat(reason(CHAT, open, TO_MESSAGES))
        .isEqualTo("JSON schema beyond what the target can enforce");
    assertThat(reason(CHAT, closed, TO_MESSAGES)).isNull();
    assertThat(reason(CHAT, closed, target("anthropic", "claude-3-5-haiku-20241022")))
        .isEqualTo("JSON schema for a model that takes none");
    assertThat(
            reason(
                GENERATE,
                gemini("'generationConfig':{'responseMimeType':'application/json'}"),
                TO_CHAT))
        .isEqualTo("JSON mode without the word JSON in the prompt");
  }

  @Test
  void prefillGoesOnlyWhereItIsTaken() {
    String prefill = messagesOf(HI + ",{'role':'assistant','content':'Once upon'}");
    String geminiPrefill =
        "{'contents':[{'role':'user','parts':[{'text':'hi'}]},"
            + "{'role':'model','parts':[{'text':'Once upon '}]}]}";

    assertThat(reason(MESSAGES, prefill, TO_CHAT)).isEqualTo("assistant prefill");
    assertThat(reason(MESSAGES, prefill, TO_GEMINI)).isNull();
    assertThat(reason(MESSAGES, prefill, target("gemini", "gemini-3-pro-preview")))
        .isEqualTo("assistant prefill");
    assertThat(reason(MESSAGES, prefill, TO_MESSAGES)).isNull();
    assertThat(reason(MESSAGES, prefill, target("anthropic", "claude-opus-4-7")))
        .isEqualTo("assistant prefill");
    assertThat(reason(GENERATE, geminiPrefill, TO_MESSAGES)).isNull();
    assertThat(reason(GENERATE, geminiPrefill, target("anthropic", "claude-opus-4-6")))
        .isEqualTo("assistant prefill");
  }

  @Test
  void toolNamesThatOnlyGeminiTakes() {
    String dotted = gemini("'tools':[{'functionDeclarations':[{'name':'a.b'}]}]");

    assertThat(reason(GENERATE, dotted, TO_CHAT))
        .isEqualTo("tool name with characters the target does not take");
    assertThat(
            reason(CHAT, chat("'tools':[{'type':'function','function':{'name':'1a'}}]"), TO_GEMINI))
        .isEqualTo("tool name with characters the target does not take");
  }

  @Test
  void toolCallsWithTheSameId() {
    String call =
        "{'role':'assistant','tool_calls':[{'id':'1','type':'function',"
            + "'function':{'name':'f','arguments':'{}'}}]},"
            + "{'role':'tool','tool_call_id':'1','content':'r'}";

    assertThat(reason(CHAT, chatOf(HI + "," + call), TO_MESSAGES)).isNull();
    assertThat(reason(CHAT, chatOf(HI + "," + call + "," + call), TO_MESSAGES))
        .isEqualTo("tool calls with the same id");
  }

  @ParameterizedTest
  @ValueSource(strings = {"openai.embeddings", "openai.completions", "anthropic.count_tokens"})
  void callsThatMeanNothingElsewhere(String protocol) {
    String operation = protocol.substring(protocol.indexOf('.') + 1);
    TargetModel other = protocol.startsWith("openai") ? TO_MESSAGES : target("openai", "gpt-4o");
    String own = protocol.startsWith("openai") ? "openai" : "anthropic";

    assertThat(reason(protocol, "/v1/x", "{'model':'m','input':'hi'}", other)).isEqualTo(operation);
    assertThat(reason(protocol, "/v1/x", "{'model':'m','input':'hi'}", target(own, "m2")))
        .isEqualTo(operation + " of another model");
    assertThat(reason(protocol, "/v1/x", "{'model':'m','input':'hi'}", target(own, "m"))).isNull();
    assertThat(reason(protocol, "/v1/x", "{'model':'m','input':'hi'}", target(own, null))).isNull();
  }

  @Test
  void embeddingsOfGemini() {
    String path = "/v1beta/models/e:embedContent";

    assertThat(reason("gemini.embed", path, "{'content':{}}", TO_CHAT)).isEqualTo("embed");
    assertThat(reason("gemini.embed", path, "{'content':{}}", TO_GEMINI))
        .isEqualTo("embed of another model");
  }

  @Test
  void aTargetWithoutModel() {
    assertThat(reason(CHAT, chatOf(HI), target("anthropic", null)))
        .isEqualTo("no model for the target");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "[]", "nonsense", "{", "{'messages':[}", "{}{}"})
  void whatIsNoRequest(String body) {
    assertThat(reason(CHAT, body, TO_MESSAGES)).isEqualTo("malformed request");
    assertThat(reason(CHAT, body, TO_CHAT)).isEqualTo("malformed request");
  }
}
