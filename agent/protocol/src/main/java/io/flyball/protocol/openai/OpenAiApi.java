package io.flyball.protocol.openai;

import io.flyball.protocol.Operation;
import io.flyball.protocol.ResponseReader;
import java.util.function.IntFunction;

/** The APIs of OpenAI that generate or embed, and the paths they are found at. */
enum OpenAiApi {
  CHAT("openai.chat", Operation.CHAT, true, ChatAnswer::reader),
  RESPONSES("openai.responses", Operation.CHAT, false, ResponsesAnswer::reader),
  EMBEDDINGS("openai.embeddings", Operation.EMBEDDINGS, false, EmbeddingsAnswer::reader),
  COMPLETIONS("openai.completions", Operation.TEXT_COMPLETION, true, ChatAnswer::reader);

  private final OpenAiProtocol protocol;

  OpenAiApi(
      String id, Operation operation, boolean streamOptions, IntFunction<ResponseReader> reader) {
    this.protocol = new OpenAiProtocol(id, operation, streamOptions, reader);
  }

  OpenAiProtocol protocol() {
    return protocol;
  }

  /** The API at that path, whatever prefix gateways put before it; null when there is none. */
  static OpenAiApi at(String path, int length) {
    if (length == 0 || path.charAt(length - 1) != 's') {
      return null;
    }
    if (endsWith(path, length, "/completions")) {
      // Mistral's agents take messages, too.
      boolean chat =
          endsWith(path, length, "/chat/completions")
              || endsWith(path, length, "/agents/completions");
      return chat ? CHAT : COMPLETIONS;
    }
    if (endsWith(path, length, "/embeddings")) {
      return EMBEDDINGS;
    }
    return endsWith(path, length, "/responses") ? RESPONSES : null;
  }

  private static boolean endsWith(String path, int length, String suffix) {
    return path.startsWith(suffix, length - suffix.length());
  }
}
