package io.flyball.protocol.conversation.answer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MadeAnswerTest {
  private static final String TEXT = "We are \"busy\",\nplease try again. \u00fc\ud83d\ude00";
  private static final String JSON_TEXT = "We are \\\"busy\\\",\\nplease try again. ";

  private static String body(String application, boolean stream) {
    MadeAnswer answer =
        MadeAnswer.of(application, stream, "alt=sse&key=k", TEXT, "static", "abc123", 1);
    return new String(answer.body(), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"openai.chat", "openai.responses", "anthropic.messages", "gemini.generate"})
  void speaksTheApplicationsProtocol(String application) {
    assertThat(body(application, false)).contains(JSON_TEXT).contains("static");
    assertThat(body(application, true)).contains(JSON_TEXT).contains("data: ");
  }

  @Test
  void endsAsStreamsDo() {
    assertThat(body("openai.chat", true)).endsWith("data: [DONE]\n\n");
    assertThat(body("anthropic.messages", true)).contains("event: message_stop");
    assertThat(body("openai.responses", true)).contains("response.completed");
  }

  @Test
  void aStreamOfGeminiIsOneArrayUnlessEventsAreAsked() throws IOException {
    for (String query : new String[] {null, "key=k", "alt=json", "malt=sse"}) {
      MadeAnswer answer =
          MadeAnswer.of("gemini.generate", true, query, TEXT, "static", "abc123", 1);
      JsonNode array = new ObjectMapper().readTree(answer.body());
      assertThat(array.isArray()).as(query).isTrue();
      assertThat(array.at("/0/candidates/0/content/parts/0/text").asText()).isEqualTo(TEXT);
      assertThat(answer.contentType()).isEqualTo("application/json");
    }
  }

  @Test
  void thereAreNoneForEmbeddings() {
    assertThat(MadeAnswer.of("openai.embeddings", false, null, TEXT, "static", "a", 1)).isNull();
  }
}
