package com.example.patience;

import io.github.sashirestela.cleverclient.client.JavaHttpClientAdapter;
import io.github.sashirestela.cleverclient.retry.RetryConfig;
import io.github.sashirestela.openai.SimpleOpenAI;
import io.github.sashirestela.openai.domain.chat.ChatMessage.UserMessage;
import io.github.sashirestela.openai.domain.chat.ChatRequest;

/** simple-openai with as many retries as by default, but sooner. */
public final class SimpleOpenAiCalls {

  private SimpleOpenAiCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(SimpleOpenAiCalls::call);
  }

  private static Object call(String name, String url) {
    SimpleOpenAI openAi =
        SimpleOpenAI.builder()
            .baseUrl(url)
            .apiKey("sk-none")
            .clientAdapter(new JavaHttpClientAdapter())
            .retryConfig(RetryConfig.builder().maxAttempts(3).initialDelayMs(20).build())
            .build();
    if (name.equals("model")) {
      return openAi.models().getOne("gpt-4o-mini").join();
    }
    return openAi
        .chatCompletions()
        .create(
            ChatRequest.builder().model("gpt-4o-mini").message(UserMessage.of("Hello?")).build())
        .join();
  }
}
