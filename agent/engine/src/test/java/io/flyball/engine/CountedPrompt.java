package io.flyball.engine;

import java.util.Random;

/**
 * A request with text somewhere in it, and how many tokens of it are billed at least: written of
 * words that are a token each wherever tokens are counted, of digits, and of JSON of both.
 */
final class CountedPrompt {
  private static final String CHAT = "https://api.openai.com/v1/chat/completions gpt-4o ";
  private static final String COMPLETIONS =
      "https://api.openai.com/v1/completions gpt-3.5-turbo-instruct ";
  private static final String RESPONSES = "https://api.openai.com/v1/responses gpt-5 ";
  private static final String MESSAGES = "https://api.anthropic.com/v1/messages claude-sonnet-4-5 ";
  private static final String GENERATE =
      "https://generativelanguage.googleapis.com/v1beta/models/"
          + "gemini-2.5-pro:generateContent gemini-2.5-pro ";

  /**
   * TEXT becomes a string, OWN an object of the application, SEALED what only the provider reads.
   */
  private static final String[] PLACES = {
    CHAT + "'messages':[{'role':'user','content':TEXT}]",
    CHAT + "'messages':[{'role':'user','content':[{'type':'text','text':TEXT}]}]",
    CHAT + "'messages':[{'role':'user','content':'a','name':TEXT}]",
    CHAT + "'messages':[{'role':'tool','tool_call_id':'c','content':TEXT}]",
    CHAT + "'messages':[{'role':'assistant','refusal':TEXT}]",
    CHAT + "'messages':[{'role':'assistant','reasoning_content':TEXT}]",
    CHAT + "'messages':[{'role':'assistant','something':TEXT}]",
    CHAT
        + "'messages':[{'role':'assistant','tool_calls':[{'id':'c','type':'function',"
        + "'function':{'name':'f','arguments':TEXT}}]}]",
    CHAT
        + "'messages':[{'role':'assistant','tool_calls':[{'id':'c','type':'function',"
        + "'function':{'name':'f','arguments':OWN}}]}]",
    CHAT
        + "'messages':[{'role':'user','content':'a'}],'tools':[{'type':'function','function':"
        + "{'name':'f','description':TEXT}}]",
    CHAT
        + "'messages':[{'role':'user','content':'a'}],'tools':[{'type':'function','function':"
        + "{'name':'f','parameters':OWN}}]",
    CHAT + "'messages':[{'role':'user','content':'a'}],'functions':[{'name':'f','parameters':OWN}]",
    CHAT
        + "'messages':[{'role':'user','content':'a'}],'response_format':{'type':'json_schema',"
        + "'json_schema':{'name':'x','schema':OWN}}",
    CHAT + "'messages':[{'role':'user','content':'a'}],'documents':[OWN]",
    CHAT
        + "'messages':[{'role':'user','content':'a'}],'prediction':{'type':'content','content':TEXT}",
    CHAT + "'messages':[{'role':'user','content':'a'}],'chat_template_kwargs':OWN",
    COMPLETIONS + "'prompt':TEXT",
    COMPLETIONS + "'prompt':'a','suffix':TEXT",
    RESPONSES + "'input':TEXT",
    RESPONSES + "'input':'a','instructions':TEXT",
    RESPONSES + "'input':[{'role':'user','content':[{'type':'input_text','text':TEXT}]}]",
    RESPONSES + "'input':[{'type':'function_call','call_id':'c','name':'f','arguments':TEXT}]",
    RESPONSES + "'input':[{'type':'function_call_output','call_id':'c','output':TEXT}]",
    RESPONSES + "'input':[{'type':'custom_tool_call','call_id':'c','name':'f','input':TEXT}]",
    RESPONSES
        + "'input':[{'type':'mcp_list_tools','server_label':'s','tools':[{'name':'f',"
        + "'input_schema':OWN}]}]",
    RESPONSES + "'input':[{'type':'mcp_call','name':'f','arguments':'{}','output':TEXT}]",
    RESPONSES
        + "'input':[{'type':'file_search_call','queries':['q'],'results':[{'file_id':'f',"
        + "'text':TEXT,'attributes':OWN}]}]",
    RESPONSES + "'input':[{'type':'web_search_call','action':{'type':'search','query':TEXT}}]",
    RESPONSES + "'input':[{'type':'code_interpreter_call','code':TEXT,'outputs':null}]",
    RESPONSES
        + "'input':[{'type':'code_interpreter_call','outputs':[{'type':'logs','logs':TEXT}]}]",
    RESPONSES
        + "'input':[{'type':'code_interpreter_call','outputs':[{'type':'image','url':TEXT}]}]",
    RESPONSES + "'input':[{'type':'code_interpreter_call','outputs':[{'url':TEXT,'type':'logs'}]}]",
    RESPONSES + "'input':[{'type':'image_generation_call','id':'i','result':TEXT}]",
    RESPONSES + "'input':[{'result':TEXT,'type':'image_generation_call'}]",
    RESPONSES + "'input':[{'type':'some_call','result':TEXT,'url':TEXT}]",
    RESPONSES
        + "'input':'a','tools':[{'type':'image_generation','input_image_mask':"
        + "{'image_url':TEXT,'file_id':TEXT}}]",
    RESPONSES
        + "'input':[{'type':'reasoning','id':'r','summary':[],'encrypted_content':SEALED},"
        + "{'role':'user','content':'a'}]",
    RESPONSES
        + "'input':[{'type':'reasoning','id':'r','summary':[{'type':'summary_text','text':TEXT}]}]",
    RESPONSES + "'input':'a','text':{'format':{'type':'json_schema','name':'x','schema':OWN}}",
    RESPONSES + "'input':'a','tools':[{'type':'function','name':'f','parameters':OWN}]",
    RESPONSES
        + "'input':'a','tools':[{'type':'custom','name':'f','format':{'type':'grammar',"
        + "'syntax':'lark','definition':TEXT}}]",
    RESPONSES + "'prompt':{'id':'p','variables':{'image':TEXT}}",
    MESSAGES + "'system':TEXT,'messages':[]",
    MESSAGES + "'system':[{'type':'text','text':TEXT}],'messages':[]",
    MESSAGES + "'messages':[{'role':'user','content':TEXT}]",
    MESSAGES
        + "'messages':[{'role':'user','content':[{'type':'document','title':TEXT,"
        + "'source':{'type':'text','media_type':'text/plain','data':'a'}}]}]",
    MESSAGES
        + "'messages':[{'role':'user','content':[{'type':'document','source':{'type':'text',"
        + "'media_type':'text/plain','data':TEXT}}]}]",
    MESSAGES
        + "'messages':[{'role':'user','content':[{'type':'search_result','source':'s',"
        + "'title':'t','content':[{'type':'text','text':TEXT}]}]}]",
    MESSAGES
        + "'messages':[{'role':'assistant','content':[{'type':'tool_use','id':'t','name':'f',"
        + "'input':OWN}]}]",
    MESSAGES
        + "'messages':[{'role':'assistant','content':[{'type':'server_tool_use','id':'t',"
        + "'name':'f','input':OWN}]}]",
    MESSAGES
        + "'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t',"
        + "'content':TEXT}]}]",
    MESSAGES
        + "'messages':[{'role':'user','content':[{'type':'tool_result','tool_use_id':'t',"
        + "'content':[{'type':'text','text':TEXT}]}]}]",
    MESSAGES
        + "'messages':[{'role':'assistant','content':[{'type':'thinking','thinking':TEXT,"
        + "'signature':'s'}]}]",
    MESSAGES
        + "'messages':[{'role':'assistant','content':[{'type':'thinking','thinking':'a',"
        + "'signature':SEALED}]}]",
    MESSAGES
        + "'messages':[{'role':'assistant','content':[{'type':'redacted_thinking',"
        + "'data':SEALED}]}]",
    MESSAGES
        + "'messages':[{'role':'assistant','content':[{'type':'web_search_tool_result',"
        + "'tool_use_id':'s','content':[{'type':'web_search_result','url':'u','title':'t',"
        + "'encrypted_content':SEALED}]}]}]",
    MESSAGES + "'messages':[],'output_config':{'format':{'type':'json_schema','schema':OWN}}",
    MESSAGES + "'messages':[],'output_format':{'type':'json_schema','schema':OWN}",
    MESSAGES + "'messages':[],'tools':[{'name':'f','description':TEXT,'input_schema':OWN}]",
    GENERATE + "'contents':[{'parts':[{'text':TEXT}]}]",
    GENERATE + "'contents':[],'systemInstruction':{'parts':[{'text':TEXT}]}",
    GENERATE + "'contents':[],'system_instruction':{'parts':[{'text':TEXT}]}",
    GENERATE + "'contents':[{'parts':[{'functionCall':{'name':'f','args':OWN}}]}]",
    GENERATE + "'contents':[{'parts':[{'functionResponse':{'name':'f','response':OWN}}]}]",
    GENERATE + "'contents':[{'parts':[{'function_response':{'name':'f','response':OWN}}]}]",
    GENERATE + "'contents':[{'parts':[{'executableCode':{'language':'PYTHON','code':TEXT}}]}]",
    GENERATE + "'contents':[{'parts':[{'codeExecutionResult':{'outcome':'OK','output':TEXT}}]}]",
    GENERATE + "'contents':[{'parts':[{'text':'a','thoughtSignature':SEALED}]}]",
    GENERATE + "'contents':[],'generationConfig':{'responseSchema':OWN}",
    GENERATE + "'contents':[],'generationConfig':{'responseJsonSchema':OWN}",
    GENERATE + "'contents':[],'generation_config':{'response_schema':OWN}",
    GENERATE + "'contents':[],'tools':[{'functionDeclarations':[{'name':'f','parameters':OWN}]}]",
  };

  private static final String[] NAMES = {
    "data",
    "url",
    "status",
    "format",
    "signature",
    "id",
    "type",
    "role",
    "model",
    "name",
    "text",
    "image",
    "file_id",
    "image_url",
    "source",
    "mime_type",
    "content",
    "encrypted_content",
    "detail",
    "call_id",
    "arguments",
    "input",
    "file",
    "metadata",
    "x"
  };

  private static final String[] WORDS = {
    " the", " quick", " brown", " fox", " over", " lazy", " dogs", " and", " more", " words"
  };

  final String url;
  final String body;

  /** What is billed at least. */
  final long tokens;

  /** What is enough by far. */
  final long most;

  private CountedPrompt(String place, Random random) {
    String[] told = place.split(" ", 3);
    Writer writer = new Writer(random, told[1].startsWith("gemini"));
    String prompt = told[2].replace('\'', '"');
    StringBuilder made = new StringBuilder();
    for (int i = 0; i < prompt.length(); ) {
      if (prompt.startsWith("TEXT", i)) {
        made.append(writer.text());
        i += "TEXT".length();
      } else if (prompt.startsWith("OWN", i)) {
        made.append(writer.own(2));
        i += "OWN".length();
      } else if (prompt.startsWith("SEALED", i)) {
        made.append(writer.sealed());
        i += "SEALED".length();
      } else {
        made.append(prompt.charAt(i++));
      }
    }
    this.url = told[0];
    String limit =
        told[0].endsWith("generateContent")
            ? ""
            : "\"model\":\""
                + told[1]
                + "\",\""
                + (told[0].endsWith("responses") ? "max_output_tokens" : "max_tokens")
                + "\":1,";
    String all = "{" + limit + made + "}";
    this.body =
        limit.isEmpty() && !all.contains("eneration")
            ? all.replace("{\"contents", "{\"generationConfig\":{\"maxOutputTokens\":1},\"contents")
            : all;
    this.tokens = writer.tokens;
    // What is foretold may be billed as an answer too.
    long foretold = body.contains("prediction") ? body.length() : 0;
    this.most =
        Math.min(body.length() + 3_000, 3 * writer.tokens + writer.sealed + 3_000) + foretold;
  }

  static CountedPrompt of(long seed) {
    Random random = new Random(seed);
    return new CountedPrompt(PLACES[random.nextInt(PLACES.length)], random);
  }

  static int places() {
    return PLACES.length;
  }

  static CountedPrompt at(int place, long seed) {
    return new CountedPrompt(PLACES[place], new Random(seed));
  }

  @Override
  public String toString() {
    return url + ' ' + (body.length() > 2_000 ? body.substring(0, 2_000) + "..." : body);
  }

  /** Writes text, and knows how many tokens it has at least. */
  private static final class Writer {
    private final Random random;
    private final boolean eachDigit;
    long tokens;
    long sealed;

    Writer(Random random, boolean eachDigit) {
      this.random = random;
      this.eachDigit = eachDigit;
    }

    private int some() {
      return 200 + random.nextInt(random.nextInt(10) == 0 ? 60_000 : 1_500);
    }

    String text() {
      StringBuilder text = new StringBuilder("\"");
      switch (random.nextInt(5)) {
        case 0:
          text.append("data:");
          break;
        case 1:
          text.append("data:image/png;base64,");
          break;
        case 2:
          text.append("https://x.example/?q=");
          break;
        default:
          break;
      }
      int count = some();
      if (random.nextInt(4) == 0) {
        // What it is made of changes on the way.
        words(text, count / 2);
        numbers(text, count / 10);
        words(text, count / 2);
      } else {
        words(text, count);
      }
      return text.append('"').toString();
    }

    private void words(StringBuilder text, int count) {
      for (int i = 0; i < count; i++) {
        text.append(WORDS[random.nextInt(WORDS.length)]);
      }
      tokens += count;
    }

    private void numbers(StringBuilder text, int count) {
      for (int i = 0; i < count; i++) {
        String number = "0." + (100_000_000_000L + (long) (random.nextDouble() * 800_000_000_000L));
        text.append(i == 0 ? "" : ",").append(number);
        // A point, what is in front of it, and three digits each.
        tokens += eachDigit ? number.length() : 2 + (number.length() - 2) / 3;
      }
    }

    /** An object of anything, under names that mean something elsewhere. */
    String own(int depth) {
      StringBuilder own = new StringBuilder("{");
      int fields = 1 + random.nextInt(4);
      for (int i = 0; i < fields; i++) {
        own.append(i == 0 ? "\"" : ",\"").append(NAMES[random.nextInt(NAMES.length)]).append("\":");
        value(own, depth);
      }
      return own.append('}').toString();
    }

    private void value(StringBuilder own, int depth) {
      switch (random.nextInt(depth == 0 ? 4 : 6)) {
        case 0:
          own.append('[');
          numbers(own, some() / 10);
          own.append(']');
          break;
        case 1:
          int count = some();
          own.append("[true");
          for (int i = 0; i < count; i++) {
            own.append(i % 2 == 0 ? ",null" : ",false");
          }
          own.append(']');
          tokens += count;
          break;
        case 2:
        case 3:
          own.append(text());
          break;
        case 4:
          own.append(own(depth - 1));
          break;
        default:
          own.append('[').append(own(depth - 1)).append(']');
      }
    }

    /** Not even a token for six characters; more is not known. */
    String sealed() {
      StringBuilder base64 = new StringBuilder("\"");
      int count = 6 * some();
      for (int i = 0; i < count; i++) {
        base64.append((char) ('A' + random.nextInt(26)));
      }
      tokens += count / 6;
      sealed += count;
      return base64.append('"').toString();
    }
  }
}
