package com.example.failover;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.completions.CompletionUsage;
import java.util.Iterator;

/** On openai-java as it comes, its own retries included. */
public final class OpenAiJavaCaller implements Caller {
  private final OpenAIClient client;

  public OpenAiJavaCaller(String baseUrl, String key) {
    this.client = OpenAIOkHttpClient.builder().baseUrl(baseUrl).apiKey(key).build();
  }

  @Override
  public Completion ask(String model, boolean stream, String prompt) {
    ChatCompletionCreateParams.Builder request =
        ChatCompletionCreateParams.builder().model(model).addUserMessage(prompt);
    return stream ? stream(request) : plain(request);
  }

  private Completion plain(ChatCompletionCreateParams.Builder request) {
    ChatCompletion answer = client.chat().completions().create(request.build());
    CompletionUsage usage = answer.usage().orElse(null);
    return new Completion(
        answer.choices().get(0).message().content().orElse(""),
        answer.model(),
        usage == null ? null : usage.promptTokens(),
        usage == null ? null : usage.completionTokens());
  }

  private Completion stream(ChatCompletionCreateParams.Builder request) {
    request.streamOptions(ChatCompletionStreamOptions.builder().includeUsage(true).build());
    StringBuilder text = new StringBuilder();
    String model = null;
    CompletionUsage usage = null;
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(request.build())) {
      for (Iterator<ChatCompletionChunk> chunks = stream.stream().iterator(); chunks.hasNext(); ) {
        ChatCompletionChunk chunk = chunks.next();
        chunk.choices().forEach(choice -> choice.delta().content().ifPresent(text::append));
        model = chunk.model();
        usage = chunk.usage().orElse(usage);
      }
    }
    return new Completion(
        text.toString(),
        model,
        usage == null ? null : usage.promptTokens(),
        usage == null ? null : usage.completionTokens());
  }
}
