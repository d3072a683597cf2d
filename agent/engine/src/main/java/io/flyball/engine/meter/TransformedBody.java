package io.flyball.engine.meter;

import io.flyball.wire.Bodies;
import io.flyball.wire.Completions;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** An answer whose bytes are changed on their way. Reads only when it is read. */
public final class TransformedBody implements ObservedBody {

  /** What is done with the bytes. What it throws is what the reader of the body gets. */
  public interface Transform {

    /** The next bytes; gives those that can go on, possibly none, possibly the very buffer. */
    ByteBuffer feed(ByteBuffer bytes) throws Exception;

    /** The normal end; gives what was held back, or null. */
    ByteBuffer end() throws Exception;

    /**
     * Nothing more comes for now; gives what was held back and may go on before more does, or null.
     */
    default ByteBuffer silent() {
      return null;
    }

    /** The body failed; gives what was held back and may still go on, or null. */
    default ByteBuffer cut() {
      return null;
    }

    /** Nothing is fed any more. Called at least once, from any thread. */
    default void close() {}
  }

  private final ObservedBody body;
  private final Transform transform;
  private CompletionStage<ByteBuffer> last;

  /** A failure that is no end, and is still to be told; else null. */
  private CompletionStage<ByteBuffer> silence;

  /** What goes on next, where that had to be known; else null. */
  private ByteBuffer ahead;

  public TransformedBody(ObservedBody body, Transform transform) {
    this.body = body;
    this.transform = transform;
  }

  @Override
  public AnswerMeter answer() {
    return body.answer();
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    if (ahead != null) {
      CompletionStage<ByteBuffer> ready = Completions.completed(ahead);
      ahead = null;
      return ready;
    }
    if (last != null || silence != null) {
      return ending();
    }
    CompletionStage<ByteBuffer> next = body.read();
    return Completions.then(
        next,
        (bytes, failure) -> {
          ByteBuffer passed = passed(bytes, failure);
          if (passed == null) {
            return ending();
          }
          if (!passed.hasRemaining()) {
            return readOn();
          }
          return passed == bytes ? next : Completions.completed(passed);
        });
  }

  /** Reads until something can go on. */
  private CompletionStage<ByteBuffer> readOn() {
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    Completions.repeat(
        body::read,
        (bytes, failure) -> {
          ByteBuffer passed = passed(bytes, failure);
          if (passed == null) {
            Completions.forward(ending(), result);
          } else if (passed.hasRemaining()) {
            result.complete(passed);
          } else {
            return true;
          }
          return false;
        });
    return result;
  }

  /** How it ended; a silence only once. */
  private CompletionStage<ByteBuffer> ending() {
    CompletionStage<ByteBuffer> how = last == null ? silence : last;
    silence = null;
    return how;
  }

  @Override
  public boolean goesOnAfter(Throwable failure) {
    return last == null && body.goesOnAfter(failure);
  }

  /** What is there may not go on, or not yet: it is read as far as that shows. */
  @Override
  public int available() {
    while (Bodies.isRoomIn(ahead) && last == null && silence == null && body.available() > 0) {
      Completions.then(
          body.read(),
          (bytes, failure) -> {
            ahead = Bodies.joined(ahead, passed(bytes, failure));
            return Completions.completed(null);
          });
    }
    return ahead == null ? 0 : ahead.remaining();
  }

  /** What goes on; null when {@link #ending} says how it ended. */
  private ByteBuffer passed(ByteBuffer bytes, Throwable failure) {
    try {
      if (bytes != null) {
        return transform.feed(bytes);
      }
      if (body.goesOnAfter(failure)) {
        silence = Completions.failed(failure);
        ByteBuffer held = transform.silent();
        return held != null && held.hasRemaining() ? held : null;
      }
      last = failure == null ? Completions.completed(null) : Completions.failed(failure);
      ByteBuffer held = failure == null ? transform.end() : transform.cut();
      transform.close();
      return held != null && held.hasRemaining() ? held : null;
    } catch (Throwable broken) {
      last = Completions.failed(broken);
      close();
      return null;
    }
  }

  @Override
  public void close() {
    body.close();
    transform.close();
  }
}
