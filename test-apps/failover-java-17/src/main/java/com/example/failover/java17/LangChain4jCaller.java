package com.example.failover.java17;

import com.example.failover.Caller;
import com.example.failover.Completion;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.openai.OpenAiChatModel;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.TokenUsage;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** On LangChain4j as it comes, its own retries included; its client is java.net.http. */
public final class LangChain4jCaller implements Caller {
  private final String baseUrl;
  private final String key;

  public LangChain4jCaller(String baseUrl, String key) {
    this.baseUrl = baseUrl;
    this.key = key;
  }

  @Override
  public Completion ask(String model, boolean stream, String prompt) throws Exception {
    if (stream) {
      return stream(model, prompt);
    }
    ChatResponse response =
        OpenAiChatModel.builder()
            .baseUrl(baseUrl)
            .apiKey(key)
            .modelName(model)
            .build()
            .chat(UserMessage.from(prompt));
    return completion(response.aiMessage().text(), response);
  }

  private Completion stream(String model, String prompt) throws Exception {
    CompletableFuture<Completion> whole = new CompletableFuture<>();
    StringBuilder shown = new StringBuilder();
    OpenAiStreamingChatModel.builder()
        .baseUrl(baseUrl)
        .apiKey(key)
        .modelName(model)
        .build()
        .chat(
            prompt,
            new StreamingChatResponseHandler() {
              @Override
              public void onPartialResponse(String partialResponse) {
                shown.append(partialResponse);
              }

              @Override
              public void onCompleteResponse(ChatResponse response) {
                whole.complete(completion(shown.toString(), response));
              }

              @Override
              public void onError(Throwable error) {
                whole.completeExceptionally(error);
              }
            });
    try {
      return whole.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static Completion completion(String text, ChatResponse response) {
    TokenUsage usage = response.tokenUsage();
    return new Completion(
        text,
        response.modelName(),
        usage == null ? null : count(usage.inputTokenCount()),
        usage == null ? null : count(usage.outputTokenCount()));
  }

  private static Long count(Integer tokens) {
    return tokens == null ? null : tokens.longValue();
  }
}
