package com.example.supportdesk;

import com.openai.client.OpenAIClient;
import com.openai.core.http.StreamResponse;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** Drafts the answer, streaming, as the person at the desk watches it grow. */
final class AnswerDrafter {
  private final OpenAIClient client;

  AnswerDrafter(OpenAIClient client) {
    this.client = client;
  }

  String draft(Ticket ticket, String article) {
    ChatCompletionCreateParams request =
        ChatCompletionCreateParams.builder()
            .model("gpt-4o")
            .maxCompletionTokens(300)
            .addSystemMessage("You answer support tickets from this article: " + article)
            .addUserMessage(ticket.text())
            .build();
    StringBuilder answer = new StringBuilder();
    try (StreamResponse<ChatCompletionChunk> stream =
        client.chat().completions().createStreaming(request)) {
      stream.stream()
          .forEach(chunk -> chunk.choices().get(0).delta().content().ifPresent(answer::append));
    }
    return answer.toString().replace('\n', ' ');
  }
}
