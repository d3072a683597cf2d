package io.flyball.protocol.gemini;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonKind;
import io.flyball.protocol.json.JsonShape;

/**
 * An answer of embedContent or batchEmbedContents: never streamed, the vectors themselves are
 * passed over. Not every model reports usage.
 */
final class EmbedAnswer extends Answer {
  private static final JsonShape<EmbedAnswer> BODY =
      withErrors(JsonShape.<EmbedAnswer>builder())
          .kind("embedding", EmbedAnswer::vector)
          .element("embeddings", EmbedAnswer::content)
          .inside("usageMetadata", GeminiUsage.<EmbedAnswer>shape(answer -> answer.usage).build())
          .build();

  private final GeminiUsage usage = new GeminiUsage();

  private EmbedAnswer(int status) {
    super(status);
  }

  static ResponseReader reader(int status, boolean stream) {
    return new AnswerReader<>(new EmbedAnswer(status), BODY, BODY);
  }

  /** No embedding has a finish reason, and not every model reports usage. */
  @Override
  protected boolean isWhole() {
    return contentSeen();
  }

  @Override
  protected boolean streamComplete(boolean ended) {
    return false;
  }

  /** Nothing is generated. */
  @Override
  protected boolean saysSomething(boolean stream) {
    return true;
  }

  private void vector(JsonKind kind) {
    if (kind == JsonKind.OBJECT) {
      content();
    }
  }

  @Override
  protected Usage usage() {
    Usage.Builder told = usage.usage(true);
    return told == null ? null : told.build();
  }
}
