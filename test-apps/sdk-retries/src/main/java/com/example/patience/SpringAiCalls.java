package com.example.patience;

import java.time.Duration;
import org.springframework.ai.image.ImagePrompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.openai.OpenAiImageModel;
import org.springframework.ai.openai.OpenAiImageOptions;
import org.springframework.ai.openai.api.OpenAiApi;
import org.springframework.ai.openai.api.OpenAiImageApi;
import org.springframework.ai.retry.TransientAiException;
import org.springframework.retry.support.RetryTemplate;
import org.springframework.web.client.ResourceAccessException;

/** Spring AI 1 with a template that retries what its own does, but sooner. */
public final class SpringAiCalls {

  private SpringAiCalls() {}

  public static void main(String[] cases) {
    new Calls(cases).make(SpringAiCalls::call);
  }

  private static Object call(String name, String url) {
    RetryTemplate retries =
        RetryTemplate.builder()
            .maxAttempts(4)
            .retryOn(TransientAiException.class)
            .retryOn(ResourceAccessException.class)
            .fixedBackoff(Duration.ofMillis(20))
            .build();
    if (name.equals("image")) {
      OpenAiImageApi images = OpenAiImageApi.builder().baseUrl(url + "/").apiKey("sk-none").build();
      return new OpenAiImageModel(images, OpenAiImageOptions.builder().build(), retries)
          .call(new ImagePrompt("A governor of a steam engine"));
    }
    OpenAiChatModel model =
        OpenAiChatModel.builder()
            .openAiApi(OpenAiApi.builder().baseUrl(url).apiKey("sk-none").build())
            .defaultOptions(OpenAiChatOptions.builder().model("gpt-4o-mini").build())
            .retryTemplate(retries)
            .build();
    if (name.equals("own-loop")) {
      RetryTemplate own = RetryTemplate.builder().maxAttempts(2).fixedBackoff(1L).build();
      return own.execute(context -> model.call("Hello?"));
    }
    return model.call("Hello?");
  }
}
