package io.flyball.protocol.openai;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonShape;

/** An answer of the embeddings API: never streamed, the vectors themselves are passed over. */
final class EmbeddingsAnswer extends Answer {
  private static final JsonShape<EmbeddingsAnswer> BODY =
      withErrors(JsonShape.<EmbeddingsAnswer>builder())
          .value("id", EmbeddingsAnswer::id)
          .value("model", EmbeddingsAnswer::model)
          .element("data", EmbeddingsAnswer::content)
          .kind("usage", (answer, kind) -> answer.usage.begins(kind))
          .inside("usage", OpenAiUsage.shape(answer -> answer.usage))
          .build();

  private final OpenAiUsage usage = new OpenAiUsage(false);

  private EmbeddingsAnswer(int status) {
    super(status);
  }

  static ResponseReader reader(int status) {
    return new AnswerReader<>(new EmbeddingsAnswer(status), BODY, BODY);
  }

  /** No embedding has a finish reason. */
  @Override
  protected boolean isWhole() {
    return contentSeen() && usage() != null;
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

  @Override
  protected Usage usage() {
    return usage.usage();
  }
}
