package com.example.orders;

import com.fasterxml.jackson.databind.JsonNode;
import com.openai.client.OpenAIClient;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import java.util.List;
import java.util.Map;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

@RestController
class OrderController {
  private final OpenAIClient openAi;
  private final RestClient translation;

  OrderController(OpenAIClient openAi, RestClient translation) {
    this.openAi = openAi;
    this.translation = translation;
  }

  @GetMapping("/orders/{id}/explanation")
  String explain(@PathVariable("id") String id) {
    return openAi
        .chat()
        .completions()
        .create(
            ChatCompletionCreateParams.builder()
                .model("gpt-4o-mini")
                .addUserMessage("Explain to the customer why order " + id + " is late.")
                .build())
        .choices()
        .get(0)
        .message()
        .content()
        .orElse("");
  }

  @GetMapping("/orders/{id}/note")
  String note(@PathVariable("id") String id) {
    return note(id, "gpt-4.1-mini");
  }

  /** Translated by that model. */
  String note(String id, String model) {
    JsonNode answer =
        translation
            .post()
            .uri("/chat/completions")
            .contentType(MediaType.APPLICATION_JSON)
            .body(
                Map.of(
                    "model",
                    model,
                    "messages",
                    List.of(
                        Map.of("role", "user", "content", "Translate the note of order " + id))))
            .retrieve()
            .body(JsonNode.class);
    return answer.path("choices").path(0).path("message").path("content").asText();
  }
}
