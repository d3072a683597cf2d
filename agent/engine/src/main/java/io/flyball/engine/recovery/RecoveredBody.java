package io.flyball.engine.recovery;

import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.conversation.answer.Joint;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A stream in the application's hands that may go on with the bytes of another answer. */
final class RecoveredBody implements ObservedBody {
  private static final int MOST_JOINS = 3;

  private ModelCall call;
  private final Stage.Next next;

  /** Null when this stream cannot be joined. */
  private final StreamContinuation continuation;

  /** Null as long as the first answer lasts. */
  private Joint joint;

  private volatile ObservedBody current;
  private volatile boolean closed;
  private CompletionStage<ByteBuffer> last;
  private final Set<String> brokeOff = new HashSet<>();
  private int joins;

  /**
   * @param continuation null when the stream is not to be joined
   * @param next asks again
   */
  RecoveredBody(
      ObservedBody first, StreamContinuation continuation, ModelCall call, Stage.Next next) {
    this.current = first;
    this.continuation = continuation;
    this.call = call;
    this.next = next;
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
          ByteBuffer passed = pass(bytes);
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

  /** What goes on; null when the second answer cannot go on for what was handed on. */
  private ByteBuffer pass(ByteBuffer bytes) {
    if (joint != null) {
      ByteBuffer passed = joint.feed(bytes);
      return joint.isDiverged() || joint.isFailed() ? null : passed;
    }
    return continuation == null ? bytes : continuation.deliver(bytes);
  }

  private void ended(Throwable failure, CompletableFuture<ByteBuffer> result) {
    ByteBuffer rest = rest();
    if (isWhole(failure)) {
      last = Completions.completed(null);
      result.complete(rest != null && rest.hasRemaining() ? rest : null);
      return;
    }
    if (joint != null && (joint.isDiverged() || joint.isFailed())) {
      fail(diverged(), result);
      return;
    }
    Throwable why =
        failure != null
            ? failure
            : call.context()
                .cutFailure(
                    "Flyball: the answer of " + destination() + " broke off before its end");
    if (!mayGoOn(why)) {
      fail(why, result);
      return;
    }
    joins++;
    Completions.thenOrFail(
        askAgain(why),
        result,
        (response, none) -> {
          if (response == null) {
            fail(why, result);
          } else {
            Completions.forward(read(), result);
          }
          return Completions.completed(null);
        });
  }

  /** What is left to hand on of a stream that has ended. */
  private ByteBuffer rest() {
    if (joint != null) {
      return joint.end();
    }
    return continuation == null ? null : continuation.end();
  }

  /** An answer whose last event was there is whole, whatever became of its connection. */
  private boolean isWhole(Throwable failure) {
    if (joint != null) {
      return joint.isComplete();
    }
    if (failure == null) {
      return current.answer().outcome() != Outcome.CUT;
    }
    return continuation != null && continuation.isComplete();
  }

  private boolean mayGoOn(Throwable why) {
    CallContext context = call.context();
    return continuation != null
        && joins < MOST_JOINS
        && !closed
        && !context.cancellation().isCancelled()
        && !Verdict.of(why, false).isCancelled()
        && context.nanosLeft() > 0
        && continuation.canJoin();
  }

  /** Asks again and takes the new answer for the current one; gives null when there is none. */
  private CompletionStage<WireResponse> askAgain(Throwable why) {
    current.close();
    String destination = destination();
    // Who was silent stays silent, and who breaks off twice will do so again.
    boolean avoided = Verdict.of(why, false).isSilent() || !brokeOff.add(destination);
    return Completions.then(
        call.context()
            .resume(
                context -> {
                  if (avoided) {
                    call = call.avoiding(destination);
                  }
                  return next.proceed(call.withContext(context));
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
