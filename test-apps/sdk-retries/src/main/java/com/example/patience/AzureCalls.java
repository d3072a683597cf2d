package com.example.patience;

import com.azure.ai.openai.OpenAIClientBuilder;
import com.azure.ai.openai.models.ChatCompletionsOptions;
import com.azure.ai.openai.models.ChatRequestUserMessage;
import com.azure.ai.openai.models.ImageGenerationOptions;
import com.azure.core.http.HttpPipelineBuilder;
import com.azure.core.http.okhttp.OkHttpAsyncHttpClientBuilder;
import com.azure.core.http.policy.FixedDelayOptions;
import com.azure.core.http.policy.RetryOptions;
import com.azure.core.http.policy.RetryPolicy;
import java.time.Duration;
import java.util.List;

/**
 * azure-ai-openai with as many retries as by default, but sooner; plain http takes no credential.
 */
public final class AzureCalls {

  private AzureCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(AzureCalls::call);
  }

  private static Object call(String name, String url) {
    OpenAIClientBuilder client =
        new OpenAIClientBuilder()
            .endpoint(url)
            .pipeline(
                new HttpPipelineBuilder()
                    .policies(
                        new RetryPolicy(
                            new RetryOptions(new FixedDelayOptions(3, Duration.ofMillis(20)))))
                    .httpClient(new OkHttpAsyncHttpClientBuilder().build())
                    .build());
    if (name.equals("image")) {
      return client
          .buildClient()
          .getImageGenerations("dall-e", new ImageGenerationOptions("A governor"));
    }
    ChatCompletionsOptions chat =
        new ChatCompletionsOptions(List.of(new ChatRequestUserMessage("Hello?")));
    return name.startsWith("async")
        ? client.buildAsyncClient().getChatCompletions("gpt-4o", chat).block()
        : client.buildClient().getChatCompletions("gpt-4o", chat);
  }
}
