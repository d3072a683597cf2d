package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonSplice;

/** The field of chat completions that limits an answer: the old one and the one after it. */
final class OutputLimit {
  private static final JsonShape<OutputLimit> SHAPE =
      JsonShape.<OutputLimit>builder()
          .kind("max_tokens", (limit, kind) -> limit.old = true)
          .kind("max_completion_tokens", (limit, kind) -> limit.current = true)
          .build();

  private boolean old;
  private boolean current;

  private OutputLimit() {}

  /**
   * The request with that limit, in the field it uses or else in the one its provider knows; null
   * when it is not well-formed.
   *
   * @param provider {@code gen_ai.provider.name}
   */
  static byte[] set(byte[] body, String provider, long tokens) {
    OutputLimit limit = new OutputLimit();
    if (!JsonDocument.read(body, SHAPE, limit)) {
      return null;
    }
    boolean knowsCurrent = provider.equals("openai") || provider.equals("azure.ai.openai");
    String field =
        limit.current || (!limit.old && knowsCurrent) ? "max_completion_tokens" : "max_tokens";
    return JsonSplice.set(body, Long.toString(tokens), field);
  }
}
