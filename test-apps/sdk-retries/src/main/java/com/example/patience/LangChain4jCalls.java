package com.example.patience;

import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiModerationModel;
import java.util.Map;

/** LangChain4j with its default retries. */
public final class LangChain4jCalls {

  private LangChain4jCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(LangChain4jCalls::call);
  }

  private static Object call(String name, String url) {
    if (name.equals("moderation")) {
      return OpenAiModerationModel.builder()
          .baseUrl(url + "/v1")
          .apiKey("sk-none")
          .modelName("omni-moderation-latest")
          .build()
          .moderate("Is this all right?");
    }
    return OpenAiChatModel.builder()
        .baseUrl(url + "/v1")
        .apiKey("sk-none")
        .modelName("gpt-4o-mini")
        .customHeaders(Map.of("x-flyball-bypass", Boolean.toString(name.equals("bypass"))))
        .build()
        .chat("Hello?");
  }
}
