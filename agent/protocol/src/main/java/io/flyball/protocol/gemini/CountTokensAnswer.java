package io.flyball.protocol.gemini;

import io.flyball.protocol.ResponseReader;
import io.flyball.protocol.Usage;
import io.flyball.protocol.answer.Answer;
import io.flyball.protocol.answer.AnswerReader;
import io.flyball.protocol.json.JsonShape;

/** An answer of countTokens. The count it brings was not used, so it is no usage. */
final class CountTokensAnswer extends Answer {
  private static final JsonShape<CountTokensAnswer> BODY =
      withErrors(JsonShape.<CountTokensAnswer>builder()).build();

  private CountTokensAnswer(int status) {
    super(status);
  }

  static ResponseReader reader(int status, boolean stream) {
    return new AnswerReader<>(new CountTokensAnswer(status), BODY, BODY);
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
    return null;
  }
}
