package com.example.patience;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.time.Duration;

/** openai-java with its default retries, and a timeout of its own where the provider is silent. */
public final class OpenAiJavaCalls {

  private OpenAiJavaCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(OpenAiJavaCalls::call);
  }

  private static Object call(String name, String url) throws Exception {
    OpenAIOkHttpClient.Builder builder =
        OpenAIOkHttpClient.builder().baseUrl(url + "/v1").apiKey("sk-none");
    if (name.endsWith("silent")) {
      builder.timeout(Duration.ofMillis(300));
    }
    OpenAIClient client = builder.build();
    ChatCompletionCreateParams chat =
        ChatCompletionCreateParams.builder().model("gpt-4o-mini").addUserMessage("Hello?").build();
    return name.contains("async")
        ? client.async().chat().completions().create(chat).get()
        : client.chat().completions().create(chat);
  }
}
