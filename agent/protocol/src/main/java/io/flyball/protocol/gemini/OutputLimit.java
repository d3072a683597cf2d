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
          .kind("maxOutputTokens", (limit, kind) -> limit.fields++)
          .kind("max_output_tokens", (limit, kind) -> limit.snakeCaseField())
          .build();
  private static final JsonShape<OutputLimit> SHAPE =
      JsonShape.<OutputLimit>builder()
          .kind("generationConfig", (limit, kind) -> limit.configs++)
          .kind("generation_config", (limit, kind) -> limit.snakeCaseConfig())
          .inside("generation_config", CONFIG)
          .inside("generationConfig", CONFIG)
          .build();

  private boolean snakeCaseConfig;
  private boolean snakeCaseField;
  private int configs;
  private int fields;

  private OutputLimit() {}

  private void snakeCaseConfig() {
    snakeCaseConfig = true;
    configs++;
  }

  private void snakeCaseField() {
    snakeCaseField = true;
    fields++;
  }

  /**
   * The request with that limit; null when it is not well-formed, or says it twice, or in letters
   * of another case: nobody knows which one would count.
   */
  static byte[] set(byte[] body, long tokens) {
    OutputLimit limit = new OutputLimit();
    OutputLimit any = new OutputLimit();
    boolean read =
        JsonDocument.read(body, SHAPE, limit) && JsonDocument.readInAnyCase(body, SHAPE, any);
    boolean otherwise = any.configs != limit.configs || any.fields != limit.fields;
    if (!read || otherwise || limit.configs > 1 || limit.fields > 1) {
      return null;
    }
    return JsonSplice.set(
        body,
        Long.toString(tokens),
        limit.snakeCaseConfig ? "generation_config" : "generationConfig",
        limit.snakeCaseField ? "max_output_tokens" : "maxOutputTokens");
  }
}
