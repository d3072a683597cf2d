package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.protocol.conversation.RequestTranslation;
import io.flyball.protocol.conversation.TargetModel;
import io.flyball.protocol.conversation.TranslatedRequest;
import io.flyball.protocol.conversation.UntranslatableException;
import java.io.IOException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;

/** What real SDKs sent: every chat goes to every target, everything else is refused. */
class RecordedRequestsTest {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  @ParameterizedTest(name = "{0}")
  @CsvFileSource(resources = "/recorded/requests.csv", useHeadersInDisplayName = false)
  void isTranslatedOrRefused(
      String file, String protocol, String provider, String model, boolean stream, Long limit)
      throws IOException {
    Recorded recorded = Recorded.load(file);
    String operation = protocol.substring(protocol.indexOf('.') + 1);
    boolean chat = operation.matches("chat|responses|messages|generate");
    for (String target : TargetModel.PROTOCOLS) {
      String outcome = outcome(recorded, target, model, stream, limit);
      boolean array = file.equals("vertexai-rest-stream") && !target.equals("gemini");
      String expected =
          chat
              ? array ? "stream that is a JSON array" : "translated"
              : speaks(protocol, target) ? operation + " of another model" : operation;
      assertThat(outcome).as("to %s", target).isEqualTo(expected);
    }
  }

  private static boolean speaks(String protocol, String target) {
    String family = protocol.substring(0, protocol.indexOf('.'));
    return target.equals("azure") ? family.equals("openai") : target.startsWith(family);
  }

  private static String outcome(
      Recorded recorded, String protocol, String model, boolean stream, Long limit)
      throws IOException {
    TargetModel target = TargetModel.builder(protocol).model("target-model").build();
    String query = recorded.head.query() == null ? "" : "?" + recorded.head.query();
    try {
      TranslatedRequest translated =
          RequestTranslation.translate(
              recorded.recognise(), recorded.head.path() + query, recorded.requestBody, target);
      check(translated, protocol, stream, limit);
      return "translated";
    } catch (UntranslatableException refusal) {
      return refusal.reason();
    }
  }

  /** The target's own reader finds the prompt, the model and the limits again. */
  private static void check(
      TranslatedRequest translated, String protocol, boolean stream, Long limit)
      throws IOException {
    JsonNode body = MAPPER.readTree(translated.body());
    assertThat(translated.stream()).isEqualTo(stream);
    assertThat(body.toString()).contains("\"hi\"");
    assertThat(translated.path()).doesNotContain("key=");
    boolean inPath = protocol.equals("gemini") || translated.path().contains("/deployments/");
    assertThat(inPath ? translated.path() : body.get("model").asText()).contains("target-model");
    if (limit != null) {
      assertThat(body.toString()).contains(":" + limit);
    }
  }
}
