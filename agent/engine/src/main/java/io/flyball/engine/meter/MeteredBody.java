package io.flyball.engine.meter;

import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

/**
 * The body of one attempt's answer with its meter looking on. Reads only when it is read, hands on
 * the very buffers and exceptions it got.
 */
final class MeteredBody implements ObservedBody {
  private final Body body;
  private final AnswerMeter answer;
  private final BooleanSupplier cancelled;
  private final UnaryOperator<Throwable> cause;
  private final Runnable onEnd;
  private volatile CompletionStage<ByteBuffer> last;

  /**
   * @param cancelled whether the call has been cancelled
   * @param cause why it really failed, given what the client threw; null stays null when nothing
   *     made it fail
   * @param onEnd told once or more often that the answer has ended, either way
   */
  MeteredBody(
      Body body,
      AnswerMeter answer,
      BooleanSupplier cancelled,
      UnaryOperator<Throwable> cause,
      Runnable onEnd) {
    this.body = body;
    this.answer = answer;
    this.cancelled = cancelled;
    this.cause = cause;
    this.onEnd = onEnd;
  }

  @Override
  public AnswerMeter answer() {
    return answer;
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    CompletionStage<ByteBuffer> end = last;
    if (end != null) {
      return end;
    }
    CompletionStage<ByteBuffer> next = body.read();
    return Completions.then(
        next,
        (bytes, failure) -> {
          if (bytes != null) {
            answer.feed(bytes);
          } else if (isSilence(failure)) {
            answer.silent(failure);
          } else {
            last = next;
            if (failure == null) {
              answer.end();
            } else {
              answer.fail(cause.apply(failure), cancelled.getAsBoolean());
            }
            onEnd.run();
          }
          return next;
        });
  }

  /** Not where it was broken off, whatever the client calls that. */
  private boolean isSilence(Throwable failure) {
    return body.goesOnAfter(failure)
        && cause.apply(failure) == failure
        && !cancelled.getAsBoolean();
  }

  @Override
  public boolean goesOnAfter(Throwable failure) {
    return last == null && body.goesOnAfter(failure);
  }

  @Override
  public int available() {
    return last != null ? 0 : body.available();
  }

  @Override
  public void close() {
    Throwable why = cause.apply(null);
    if (why == null) {
      answer.close();
    } else {
      answer.fail(why, cancelled.getAsBoolean());
    }
    onEnd.run();
    body.close();
  }
}
