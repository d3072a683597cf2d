package io.flyball.protocol.conversation;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.json.JsonTree;
import java.nio.charset.StandardCharsets;

/** Requests of the tests, written with single quotes, and the targets they are sent to. */
final class Requests {
  static final String CHAT = "openai.chat";
  static final String RESPONSES = "openai.responses";
  static final String MESSAGES = "anthropic.messages";
  static final String GENERATE = "gemini.generate";

  static final TargetModel TO_CHAT = target("openai-chat", "gpt-4o");
  static final TargetModel TO_MESSAGES = target("anthropic", "claude-sonnet-4-5");
  static final TargetModel TO_GEMINI = target("gemini", "gemini-2.5-flash");

  private Requests() {}

  static TargetModel target(String protocol, String model) {
    return TargetModel.builder(protocol).model(model).build();
  }

  static String quoted(String json) {
    return json.replace('\'', '"');
  }

  static byte[] bytes(String json) {
    return quoted(json).getBytes(StandardCharsets.UTF_8);
  }

  static RequestFacts facts(String protocol, String model, boolean stream) {
    return RequestFacts.builder(new Named(protocol), Operation.CHAT, "p").model(model).stream(
            stream)
        .build();
  }

  static String path(String protocol) {
    switch (protocol) {
      case CHAT:
        return "/v1/chat/completions";
      case RESPONSES:
        return "/v1/responses";
      case MESSAGES:
        return "/v1/messages";
      default:
        return "/v1beta/models/source-model:generateContent";
    }
  }

  static TranslatedRequest translate(String protocol, String json, TargetModel target)
      throws UntranslatableException {
    return translate(protocol, path(protocol), json, target);
  }

  static TranslatedRequest translate(String protocol, String path, String json, TargetModel target)
      throws UntranslatableException {
    byte[] body = bytes(json);
    JsonTree tree = JsonTree.read(body);
    JsonTree model = tree == null ? null : tree.get("model");
    JsonTree stream = tree == null ? null : tree.get("stream");
    String name = model == null ? "source-model" : model.text();
    return RequestTranslation.translate(
        facts(protocol, name, stream != null && stream.isTrue()), path, body, target);
  }

  static String text(TranslatedRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  /** A protocol that is nothing but its name. */
  private static final class Named implements Protocol {
    private final String id;

    Named(String id) {
      this.id = id;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public ResponseReader reader(RequestFacts request, int status, String contentType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] askForUsage(RequestFacts request, byte[] body) {
      return null;
    }

    @Override
    public boolean isRequestedUsageEvent(byte[] bytes, int offset, int length) {
      return false;
    }
  }

  static void assertMakes(TranslatedRequest translated, String expected) {
    assertThat(text(translated)).isEqualTo(quoted(expected));
  }
}
