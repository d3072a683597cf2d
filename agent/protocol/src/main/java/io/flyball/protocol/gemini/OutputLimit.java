package io.flyball.protocol.gemini;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.json.JsonShape;
import io.flyball.protocol.json.JsonSplice;

/**
 * The field that limits an answer. Google takes its fields in camel case and in snake case; a limit
 * is set under the name that the request uses, because twice is once too often.
 */
final class OutputLimit {
  private static final JsonShape<OutputLimit> CONFIG =
      JsonShape.<OutputLimit>builder()
          .kind("max_output_tokens", (limit, kind) -> limit.snakeCaseField = true)
          .build();
  private static final JsonShape<OutputLimit> SHAPE =
      JsonShape.<OutputLimit>builder()
          .kind("generation_config", (limit, kind) -> limit.snakeCaseConfig = true)
          .inside("generation_config", CONFIG)
          .inside("generationConfig", CONFIG)
          .build();

  private boolean snakeCaseConfig;
  private boolean snakeCaseField;

  private OutputLimit() {}

  /** The request with that limit; null when it is not well-formed. */
  static byte[] set(byte[] body, long tokens) {
    OutputLimit limit = new OutputLimit();
    if (!JsonDocument.read(body, SHAPE, limit)) {
      return null;
    }
    return JsonSplice.set(
        body,
        Long.toString(tokens),
        limit.snakeCaseConfig ? "generation_config" : "generationConfig",
        limit.snakeCaseField ? "max_output_tokens" : "maxOutputTokens");
  }
}
