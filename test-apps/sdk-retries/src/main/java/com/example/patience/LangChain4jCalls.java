package com.example.patience;

import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiModerationModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** LangChain4j with its default retries. */
public final class LangChain4jCalls {

  private LangChain4jCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(LangChain4jCalls::call);
  }

  private static Object call(String name, String url) throws Exception {
    if (name.equals("moderation")) {
      return OpenAiModerationModel.builder()
          .baseUrl(url + "/v1")
          .apiKey("sk-none")
          .modelName("omni-moderation-latest")
          .build()
          .moderate("Is this all right?");
    }
    if (name.startsWith("stream")) {
      return streamed(url);
    }
    return OpenAiChatModel.builder()
        .timeout(name.endsWith("silent") ? Duration.ofMillis(300) : Duration.ofMinutes(1))
        .baseUrl(url + "/v1")
        .apiKey("sk-none")
        .modelName("gpt-4o-mini")
        .customHeaders(Map.of("x-flyball-bypass", Boolean.toString(name.equals("bypass"))))
        .build()
        .chat("Hello?");
  }

  private static Object streamed(String url) throws Exception {
    CompletableFuture<Object> end = new CompletableFuture<>();
    OpenAiStreamingChatModel.builder()
        .baseUrl(url + "/v1")
        .apiKey("sk-none")
        .modelName("gpt-4o-mini")
        .build()
        .chat(
            "Hello?",
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String partialResponse) {}

              @Override
              public void onCompleteResponse(ChatResponse completeResponse) {
                end.complete(completeResponse);
              }

              @Override
              public void onError(Throwable error) {
                end.completeExceptionally(error);
              }
            });
    return end.get();
  }
}
