package io.flyball.engine.pipeline;

import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.wire.Completions;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** An answer of which somebody is told how it ended, once. Hands on the very buffers it got. */
final class WatchedBody implements ObservedBody {
  private final ObservedBody body;

  /** Null where nobody wants to know. */
  private final UsageDelay delay;

  private final Consumer<Boolean> onEnd;
  private final AtomicBoolean told = new AtomicBoolean();

  /**
   * @param delay told of every read; null for nobody
   * @param onEnd told whether the answer was read to its end, be it a normal one or a failure; else
   *     it was closed before. Its meter knows the rest by then
   */
  WatchedBody(ObservedBody body, UsageDelay delay, Consumer<Boolean> onEnd) {
    this.body = body;
    this.delay = delay;
    this.onEnd = onEnd;
  }

  @Override
  public AnswerMeter answer() {
    return body.answer();
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    if (delay != null) {
      delay.asks();
    }
    CompletionStage<ByteBuffer> next = body.read();
    return Completions.then(
        next,
        (bytes, failure) -> {
          if (delay != null) {
            delay.got();
          }
          if (bytes == null) {
            tell(true);
          }
          return next;
        });
  }

  private void tell(boolean read) {
    if (told.compareAndSet(false, true)) {
      onEnd.accept(read);
    }
  }

  @Override
  public boolean goesOnAfter(Throwable failure) {
    return body.goesOnAfter(failure);
  }

  @Override
  public int available() {
    return body.available();
  }

  @Override
  public void close() {
    body.close();
    tell(false);
  }
}
