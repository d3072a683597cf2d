package io.flyball.protocol;

/**
 * What a model call asks for; the names are {@code gen_ai.operation.name} of OpenTelemetry 1.41.
 */
public enum Operation {
  /** A conversation: OpenAI chat completions and responses, Anthropic messages, Gemini. */
  CHAT("chat"),
  /** Legacy OpenAI completions: one prompt string, no roles. */
  TEXT_COMPLETION("text_completion"),
  EMBEDDINGS("embeddings"),
  /** Counts tokens without generating; providers do not charge for it. */
  COUNT_TOKENS("count_tokens");

  private final String telemetryName;

  Operation(String telemetryName) {
    this.telemetryName = telemetryName;
  }

  /** The value of {@code gen_ai.operation.name}. */
  public String telemetryName() {
    return telemetryName;
  }
}
