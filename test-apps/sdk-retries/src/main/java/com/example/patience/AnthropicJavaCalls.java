package com.example.patience;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.models.messages.MessageCreateParams;
import java.time.Duration;

/**
 * anthropic-java with its default retries, and a timeout of its own where the provider is silent.
 */
public final class AnthropicJavaCalls {

  private AnthropicJavaCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(AnthropicJavaCalls::call);
  }

  private static Object call(String name, String url) throws Exception {
    AnthropicOkHttpClient.Builder builder =
        AnthropicOkHttpClient.builder().baseUrl(url).apiKey("sk-none");
    if (name.endsWith("silent")) {
      builder.timeout(Duration.ofMillis(300));
    }
    AnthropicClient client = builder.build();
    MessageCreateParams chat =
        MessageCreateParams.builder()
            .model("claude-sonnet-4-5")
            .maxTokens(10)
            .addUserMessage("Hello?")
            .build();
    return name.contains("async")
        ? client.async().messages().create(chat).get()
        : client.messages().create(chat);
  }
}
