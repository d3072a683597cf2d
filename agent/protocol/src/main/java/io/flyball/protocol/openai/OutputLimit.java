package io.flyball.protocol.openai;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonSplice;

/**
 * The fields of chat completions that limit an answer: the old one and the one after it. Where both
 * are there both are set, because it is not known which one counts.
 */
final class OutputLimit {
  private static final JsonShape<OutputLimit> SHAPE =
      JsonShape.<OutputLimit>builder()
          .kind("max_tokens", (limit, kind) -> limit.old++)
          .kind("max_completion_tokens", (limit, kind) -> limit.current++)
          .build();

  private int old;
  private int current;

  private OutputLimit() {}

  /**
   * The request with that limit, in the field it uses or else in the one its provider knows; null
   * when it is not well-formed, or names a limit twice: nobody knows which one would count.
   *
   * @param provider {@code gen_ai.provider.name}
   */
  static byte[] set(byte[] body, String provider, long tokens) {
    OutputLimit limit = new OutputLimit();
    if (!JsonDocument.read(body, SHAPE, limit) || limit.old > 1 || limit.current > 1) {
      return null;
    }
    boolean knowsCurrent = provider.equals("openai") || provider.equals("azure.ai.openai");
    String most = Long.toString(tokens);
    if (limit.current > 0 && limit.old > 0) {
      byte[] once = JsonSplice.set(body, most, "max_tokens");
      return once == null ? null : JsonSplice.set(once, most, "max_completion_tokens");
    }
    String field =
        limit.current > 0 || (limit.old == 0 && knowsCurrent)
            ? "max_completion_tokens"
            : "max_tokens";
    return JsonSplice.set(body, most, field);
  }
}
