package com.example.supportdesk;

import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionCreateParams;

/** Decides how urgent a ticket is. */
final class Triage {
  private final OpenAIClient client;

  Triage(OpenAIClient client) {
    this.client = client;
  }

  String urgencyOf(Ticket ticket) {
    ChatCompletion completion =
        client
            .chat()
            .completions()
            .create(
                ChatCompletionCreateParams.builder()
                    .model("gpt-4o-mini")
                    .temperature(0)
                    .maxCompletionTokens(8)
                    .addSystemMessage("Answer with one word: low, normal, high or critical.")
                    .addUserMessage("Plan: " + ticket.plan() + "\n" + ticket.text())
                    .build());
    return completion.choices().get(0).message().content().orElse("normal").trim();
  }
}
