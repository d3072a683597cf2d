package io.flyball.protocol.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A stream that must not go on ends as an error wherever it would be noticed. */
class ErrorEventsTest {
  private static final String MESSAGE = "Budget of team \"search\"\nis spent";

  @ParameterizedTest
  @CsvSource({
    "openai.chat, OPENAI_JAVA SPRING_AI_2 STAINLESS",
    "openai.completions, OPENAI_JAVA SPRING_AI_2 STAINLESS",
    "openai.responses, OPENAI_JAVA SPRING_AI_2 STAINLESS",
    "anthropic.messages, ANTHROPIC_JAVA SPRING_AI_2 STAINLESS LANGCHAIN4J",
    "gemini.stream, GOOGLE_GENAI",
    "gemini.interactions, ''",
    "ollama.chat, LANGCHAIN4J",
    "bedrock.converse, AWS",
    "cohere.v2, ''",
    "dashscope.generation, ''"
  })
  void onlySomeNoticeAnErrorEvent(String protocol, String noticing) {
    Set<Sdk> expected = EnumSet.noneOf(Sdk.class);
    for (String name : noticing.split(" ")) {
      if (!name.isEmpty()) {
        expected.add(Sdk.valueOf(name));
      }
    }
    for (Sdk sdk : Sdk.values()) {
      byte[] event = ErrorEvents.of(protocol, sdk, RefusalKind.TIMEOUT, MESSAGE);

      assertThat(sdk.noticesErrorEvents(protocol)).as(sdk.name()).isEqualTo(expected.contains(sdk));
      assertThat(event != null).as(sdk.name()).isEqualTo(expected.contains(sdk));
    }
  }

  @Test
  void openAisIsAnErrorObject() throws IOException {
    JsonNode error = data("openai.chat", Sdk.OPENAI_JAVA, "data: ", "\n\n").get("error");

    assertThat(error.get("message").asText()).isEqualTo(MESSAGE);
    assertThat(error.get("code").asText()).isEqualTo("flyball_budget_exceeded");
  }

  @Test
  void theResponsesApisIsFlatAndAnErrorObject() throws IOException {
    JsonNode event = data("openai.responses", Sdk.OPENAI_JAVA, "event: error\ndata: ", "\n\n");

    assertThat(event.get("type").asText()).isEqualTo("error");
    assertThat(event.get("code").asText()).isEqualTo("flyball_budget_exceeded");
    assertThat(event.get("message").asText()).isEqualTo(MESSAGE);
    assertThat(event.at("/error/message").asText()).isEqualTo(MESSAGE);
  }

  @Test
  void anthropicsHasAName() throws IOException {
    JsonNode event = data("anthropic.messages", Sdk.LANGCHAIN4J, "event: error\ndata: ", "\n\n");

    assertThat(event.get("type").asText()).isEqualTo("error");
    assertThat(event.at("/error/type").asText()).isEqualTo("rate_limit_error");
    assertThat(event.at("/error/message").asText()).isEqualTo(MESSAGE);
  }

  @Test
  void geminisIsAChunk() throws IOException {
    JsonNode event = data("gemini.stream", Sdk.GOOGLE_GENAI, "data: ", "\r\n\r\n");

    assertThat(event.at("/error/code").asInt()).isEqualTo(429);
    assertThat(event.at("/error/status").asText()).isEqualTo("RESOURCE_EXHAUSTED");
    assertThat(event.at("/error/message").asText()).isEqualTo(MESSAGE);
  }

  @Test
  void ollamasIsALine() throws IOException {
    assertThat(data("ollama.chat", Sdk.LANGCHAIN4J, "", "\n").get("error").asText())
        .isEqualTo(MESSAGE);
  }

  private static JsonNode data(String protocol, Sdk sdk, String before, String after)
      throws IOException {
    String event =
        new String(
            ErrorEvents.of(protocol, sdk, RefusalKind.BUDGET_EXCEEDED, MESSAGE),
            StandardCharsets.UTF_8);
    assertThat(event).startsWith(before).endsWith(after);
    String data = event.substring(before.length(), event.length() - after.length());
    assertThat(data).doesNotContain("\n").doesNotContain("\r");
    return new ObjectMapper().readTree(data);
  }

  @Test
  void bedrocksIsAFrameThatIsNotAskedForAgain() throws IOException {
    byte[] bytes =
        ErrorEvents.of("bedrock.converse", Sdk.AWS, RefusalKind.BUDGET_EXCEEDED, MESSAGE);
    ByteBuffer frame = ByteBuffer.wrap(bytes);

    assertThat(frame.getInt()).isEqualTo(bytes.length);
    int headersLength = frame.getInt();
    assertThat(frame.getInt()).isEqualTo(checksum(bytes, 8));
    byte[] headers = new byte[headersLength];
    frame.get(headers);
    assertThat(headers(headers))
        .isEqualTo(
            ":exception-type=validationException;:content-type=application/json;"
                + ":message-type=exception;");
    byte[] payload = new byte[frame.remaining() - 4];
    frame.get(payload);
    assertThat(new ObjectMapper().readTree(payload).get("message").asText()).isEqualTo(MESSAGE);
    assertThat(frame.getInt()).isEqualTo(checksum(bytes, bytes.length - 4));
  }

  private static String headers(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    StringBuilder out = new StringBuilder();
    while (in.hasRemaining()) {
      out.append(text(in, in.get())).append('=');
      assertThat(in.get()).isEqualTo((byte) 7);
      out.append(text(in, in.getShort())).append(';');
    }
    return out.toString();
  }

  private static String text(ByteBuffer in, int length) {
    byte[] text = new byte[length];
    in.get(text);
    return new String(text, StandardCharsets.US_ASCII);
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }
}
