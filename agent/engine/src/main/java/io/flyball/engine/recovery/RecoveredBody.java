package io.flyball.engine.recovery;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A stream in the application's hands that may go on with the bytes of another answer. */
final class RecoveredBody implements ObservedBody {
  private static final int MOST_JOINS = 2;

  private final ModelCall call;
  private final Stage.Next next;
  private final InternalErrors errors;

  /** Null when this stream cannot be joined. */
  private StreamContinuation continuation;

  /** Null as long as the first answer lasts. */
  private StreamContinuation.Joint joint;

  private volatile ObservedBody current;
  private volatile boolean closed;
  private CompletionStage<ByteBuffer> last;
  private int joins;

  /**
   * @param continuation null when the stream is not to be joined
   * @param next asks again
   */
  RecoveredBody(
      ObservedBody first,
      StreamContinuation continuation,
      ModelCall call,
      Stage.Next next,
      InternalErrors errors) {
    this.current = first;
    this.continuation = continuation;
    this.call = call;
    this.next = next;
    this.errors = errors;
  }

  @Override
  public AnswerMeter answer() {
    return current.answer();
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    if (last != null) {
      return last;
    }
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    Completions.repeat(
        () -> current.read(),
        (bytes, failure) -> {
          if (bytes == null) {
            ended(failure, result);
            return false;
          }
          ByteBuffer passed;
          try {
            passed = pass(bytes);
          } catch (RuntimeException broken) {
            errors.report("recovery", broken);
            passed = joint == null ? withoutContinuation(bytes) : null;
          }
          if (passed == null) {
            fail(diverged(), result);
          } else if (passed.hasRemaining()) {
            result.complete(passed);
          } else {
            return true;
          }
          return false;
        });
    return result;
  }

  /** What goes on; null when the second answer differs from what was handed on. */
  private ByteBuffer pass(ByteBuffer bytes) {
    if (joint != null) {
      ByteBuffer passed = joint.feed(bytes);
      return joint.diverged() ? null : passed;
    }
    return continuation == null ? bytes : continuation.deliver(bytes);
  }

  /** Null when bytes were held back that are lost now. */
  private ByteBuffer withoutContinuation(ByteBuffer bytes) {
    boolean nothingHeld = !continuation.isHolding();
    continuation = null;
    return nothingHeld ? bytes : null;
  }

  private void ended(Throwable failure, CompletableFuture<ByteBuffer> result) {
    if (isWhole(failure)) {
      ByteBuffer rest = joint != null ? joint.end() : continuation == null ? null : continuation.end();
      if (joint != null && joint.diverged()) {
        fail(diverged(), result);
        return;
      }
      last = Completions.completed(null);
      if (rest != null && rest.hasRemaining()) {
        result.complete(rest);
      } else {
        result.complete(null);
      }
      return;
    }
    Throwable why =
        failure != null
            ? failure
            : call.context()
                .cutFailure("Flyball: the answer of " + destination() + " broke off before its end");
    if (!mayGoOn(why)) {
      fail(why, result);
      return;
    }
    joins++;
    Completions.then(
        askAgain(why),
        (response, none) -> {
          if (response == null) {
            fail(why, result);
          } else {
            Completions.forward(read(), result);
          }
          return Completions.completed(null);
        });
  }

  /** An answer whose last event was there is whole, whatever became of its connection. */
  private boolean isWhole(Throwable failure) {
    if (failure == null) {
      return current.answer().outcome() != Outcome.CUT;
    }
    return joint == null ? continuation != null && continuation.complete() : joint.complete();
  }

  private boolean mayGoOn(Throwable why) {
    CallContext context = call.context();
    return continuation != null
        && joins < MOST_JOINS
        && !closed
        && !context.cancellation().isCancelled()
        && !Verdict.of(why, false).isCancelled()
        && context.nanosLeft() > 0
        && (joint == null ? continuation.canJoin() : joint.canJoinAgain());
  }

  /** Asks again and takes the new answer for the current one; gives null when there is none. */
  private CompletionStage<WireResponse> askAgain(Throwable why) {
    current.close();
    boolean silent = Verdict.of(why, false).isSilent();
    String destination = destination();
    return Completions.then(
        call.context()
            .resume(
                context -> {
                  ModelCall again = call.withContext(context);
                  return next.proceed(silent ? again.avoiding(destination) : again);
                }),
        (response, failure) -> {
          if (failure != null) {
            return Completions.completed(null);
          }
          if (closed || !RecoveryStage.isStream(response)) {
            response.body().close();
            return Completions.completed(null);
          }
          joint = continuation.join();
          current = (ObservedBody) response.body();
          call.context().journal().joined();
          return Completions.completed(response);
        });
  }

  private String destination() {
    String answering = call.context().journal().answeredBy();
    return answering == null ? call.destination() : answering;
  }

  private Throwable diverged() {
    return call.context()
        .cutFailure("Flyball: the answer broke off, and another one went differently");
  }

  private void fail(Throwable why, CompletableFuture<ByteBuffer> result) {
    last = Completions.failed(why);
    current.close();
    result.completeExceptionally(why);
  }

  @Override
  public void close() {
    closed = true;
    current.close();
  }
}
