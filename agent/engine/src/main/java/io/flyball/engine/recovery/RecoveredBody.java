package io.flyball.engine.recovery;

import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.attempt.Verdict;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.CallJournal;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ContentDecoder;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.protocol.conversation.answer.Joint;
import io.flyball.protocol.conversation.answer.StreamContinuation;
import io.flyball.protocol.failure.FailureKind;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;

/**
 * A stream in the application's hands that may go on with the bytes of another answer. As long as
 * no other answer has gone on, nothing is lost by trying: the bytes that were held, and the end,
 * are those of the first one.
 */
final class RecoveredBody implements ObservedBody {
  private static final int MOST_JOINS = 3;

  private ModelCall call;
  private final Stage.Next next;
  private final Predicate<ModelCall> mayAsk;
  private final TimeSource time;
  private final long joinNanos;
  private final ObservedBody first;
  private final HeldBytes.Hold kept;

  private final StreamCoding coding;

  /** Null when this stream cannot be joined, or can no more. */
  private StreamContinuation continuation;

  /** Takes the encoding off the answer that goes on; null as long as the first one lasts. */
  private ContentDecoder decoder;

  /** Null as long as the first answer lasts. */
  private Joint joint;

  private volatile ObservedBody current;
  private volatile boolean closed;
  private CompletionStage<ByteBuffer> last;

  /** A failure of the first answer that is no end, and is still to be told; else null. */
  private CompletionStage<ByteBuffer> silence;

  /** What goes on next, where that had to be known; else null. */
  private ByteBuffer ahead;

  /** The thread within {@link #read}; null when there is none. */
  private volatile Thread reading;

  /** How the first answer ended; null before. */
  private CompletionStage<ByteBuffer> firstEnd;

  /** Why {@link #current} is of no more use; null as long as it is. */
  private Break broken;

  /** What the client itself would have thrown; null before, or when it saw no fault. */
  private Throwable firstFailure;

  /** The event with which another answer failed after it had gone on; null when none did. */
  private ByteBuffer errorEvent;

  private final Set<String> brokeOff = new HashSet<>();
  private int joins;
  private boolean waiting;

  /** Whose answer the application has heard the latest of; null before one broke off. */
  private CallJournal.Answerer heard;

  private long waitingSince;
  private Cancellation clock;

  /** How an answer broke. */
  private static final class Break {
    final Throwable failure;
    final Verdict verdict;

    Break(Throwable failure, Verdict verdict) {
      this.failure = failure;
      this.verdict = verdict;
    }
  }

  /**
   * @param continuation null when the stream is not to be joined
   * @param coding how it is written; null when it cannot be joined for that
   * @param kept what is kept of the stream for that
   * @param next asks again
   * @param mayAsk asked before that
   * @param joinNanos how long the application waits for another answer to go on
   */
  RecoveredBody(
      ObservedBody first,
      StreamContinuation continuation,
      StreamCoding coding,
      HeldBytes.Hold kept,
      ModelCall call,
      Stage.Next next,
      Predicate<ModelCall> mayAsk,
      TimeSource time,
      long joinNanos) {
    this.first = first;
    this.current = first;
    this.kept = kept;
    this.continuation =
        continuation == null || coding == null
            ? null
            : continuation.within(more -> kept.grow(more));
    this.coding = coding;
    this.call = call;
    this.next = next;
    this.mayAsk = mayAsk;
    this.time = time;
    this.joinNanos = joinNanos;
  }

  @Override
  public AnswerMeter answer() {
    return current.answer();
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
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    reading = Thread.currentThread();
    try {
      if (broken == null) {
        readOn(result);
      } else {
        recover(result);
      }
    } finally {
      reading = null;
    }
    return result;
  }

  private void readOn(CompletableFuture<ByteBuffer> result) {
    Completions.repeat(
        () -> current.read(),
        (bytes, failure) -> {
          ByteBuffer passed = passed(bytes, failure);
          if (passed != null && passed.hasRemaining()) {
            result.complete(passed);
          } else if (broken != null) {
            recover(result);
          } else if (last != null || silence != null) {
            kept.release();
            Completions.forward(ending(), result);
          } else {
            return true;
          }
          return false;
        });
  }

  /** How it ended; a silence only once. */
  private CompletionStage<ByteBuffer> ending() {
    CompletionStage<ByteBuffer> how = last == null ? silence : last;
    silence = null;
    return how;
  }

  @Override
  public boolean goesOnAfter(Throwable failure) {
    return last == null && current == first && first.goesOnAfter(failure);
  }

  /** What goes on, or null; may find {@link #broken}, or how it ended. */
  private ByteBuffer passed(ByteBuffer bytes, Throwable failure) {
    try {
      return bytes == null ? ended(failure) : pass(bytes);
    } catch (RuntimeException | DataFormatException broke) {
      last = Completions.failed(broke);
      return null;
    }
  }

  /** What is there may be held back: it is read as far as that shows. Asks nobody again. */
  @Override
  public int available() {
    while (Bodies.isRoomIn(ahead)
        && last == null
        && silence == null
        && broken == null
        && current.available() > 0) {
      Completions.then(
          current.read(),
          (bytes, failure) -> {
            ahead = Bodies.joined(ahead, passed(bytes, failure));
            return Completions.completed(null);
          });
    }
    return ahead == null ? 0 : ahead.remaining();
  }

  /** What goes on of these bytes; may find {@link #broken}. */
  private ByteBuffer pass(ByteBuffer bytes) throws DataFormatException {
    if (continuation == null) {
      return coding == null ? bytes : coding.passOn(bytes);
    }
    if (joint != null) {
      return passJoint(bytes);
    }
    if (current.answer().errorSeen()) {
      continuation.expectError();
    }
    ByteBuffer passed = coding.deliver(bytes, continuation);
    if (coding.isLost()) {
      continuation = null;
    } else if (continuation.isFailed()) {
      broken = new Break(cut(), Verdict.ofError(current.answer()));
    }
    return passed;
  }

  private ByteBuffer passJoint(ByteBuffer bytes) {
    ByteBuffer passed = StreamCoding.NOTHING;
    boolean garbage = false;
    try {
      passed = joint.feed(decoder.decoded(bytes));
    } catch (DataFormatException notAsItSays) {
      garbage = true;
    }
    if (garbage || joint.isDiverged() || joint.isFailed()) {
      broken = broken(null);
      ByteBuffer error = joint.errorEvent();
      errorEvent = error.hasRemaining() ? error : errorEvent;
    }
    return joined(coding.write(passed));
  }

  /** The current answer is over; gives what is left of it, and says how it ended. */
  private ByteBuffer ended(Throwable failure) {
    if (joint != null) {
      return jointEnded(failure);
    }
    if (continuation != null) {
      continuation.end();
    }
    boolean torn = continuation != null && continuation.isTorn();
    boolean whole = failure == null && !torn && current.answer().outcome() != Outcome.CUT;
    firstFailure = failure;
    firstEnd =
        whole || isEmpty(failure)
            ? Completions.completed(null)
            : Completions.failed(failure == null ? cut() : failure);
    if (continuation == null) {
      end(firstEnd);
      return whole && coding != null && coding.hasWritten()
          ? coding.end(StreamCoding.NOTHING)
          : null;
    }
    if (continuation.isFailed()) {
      broken = new Break(failure == null ? cut() : failure, Verdict.ofError(current.answer()));
    } else if (whole) {
      last = firstEnd;
      return coding.held(continuation);
    } else if (isMissedByNobody(failure) && continuation.isComplete() && coding.canWrite()) {
      last = Completions.completed(null);
      return coding.end(RecoveryStage.endOfComplete(continuation, call));
    } else {
      broken = broken(failure);
    }
    return null;
  }

  /**
   * Whether the provider has ended it without a word: nothing is missing of it that the application
   * could take for whole, and without Flyball it would have ended so, too.
   */
  private boolean isEmpty(Throwable failure) {
    return failure == null && !current.answer().contentSeen();
  }

  /** Whether the application has no content yet: another answer is as good as the first one. */
  private boolean isWordless() {
    return current == first && !first.answer().contentSeen();
  }

  /**
   * Whether a complete answer may end well in spite of that: the connection broke. Not where there
   * may be more, and not where something went wrong in here, when bytes may have been lost.
   */
  private boolean isMissedByNobody(Throwable failure) {
    return failure instanceof IOException && !first.goesOnAfter(failure);
  }

  private ByteBuffer jointEnded(Throwable failure) {
    ByteBuffer rest = joint.end();
    boolean whole =
        joint.isComplete()
            || (joint.isOpenEnded()
                && failure == null
                && current.answer().outcome() == Outcome.SUCCESS);
    if (whole) {
      last = Completions.completed(null);
      return joined(coding.end(rest));
    }
    broken = broken(failure);
    return joined(coding.write(rest));
  }

  /**
   * @param how null: the first answer goes on as it comes
   */
  private void end(CompletionStage<ByteBuffer> how) {
    if (how != null && first.goesOnAfter(firstFailure)) {
      silence = how;
      return;
    }
    last = how;
    if (how != null) {
      first.close();
    }
  }

  private Break broken(Throwable failure) {
    Throwable why = failure == null ? cut() : failure;
    return new Break(why, Verdict.of(why, false));
  }

  private Throwable cut() {
    return call.context()
        .cutFailure("Flyball: the answer of " + destination() + " broke off before its end");
  }

  /** What the application gets of another answer: from then on it is the answer. */
  private ByteBuffer joined(ByteBuffer passed) {
    if (passed.hasRemaining() && waiting) {
      heard = call.context().journal().answerer();
      stopWaiting();
      first.close();
    }
    return passed;
  }

  private void recover(CompletableFuture<ByteBuffer> result) {
    Break why = broken;
    broken = null;
    if (heard == null) {
      heard = call.context().journal().answerer();
    }
    if (!mayGoOn(why)) {
      giveUp(why, result);
      return;
    }
    Completions.thenOrFail(
        isWordless() ? retry(why) : goOn(why),
        result,
        (response, none) -> {
          if (response == null) {
            giveUp(why, result);
          } else {
            readOn(result);
          }
          return Completions.completed(null);
        });
  }

  private boolean mayGoOn(Break why) {
    CallContext context = call.context();
    return (joint == null || !joint.isDiverged())
        && !closed
        && !context.cancellation().isCancelled()
        && !why.verdict.isCancelled()
        && (why.verdict.failure() == null || !why.verdict.failure().isCallerFault())
        && context.nanosLeft() > 0
        && !isLate()
        && !continuation.isComplete()
        && continuation.canJoin()
        && coding.canWrite()
        // A retry asks for itself.
        && (isWordless() || (joins < MOST_JOINS && mayAsk.test(call)));
  }

  private boolean isLate() {
    return waiting && time.nanoTime() - waitingSince >= joinNanos;
  }

  /**
   * No other answer goes on. Where none has, the application gets what the first one had left, and
   * its end.
   */
  private void giveUp(Break why, CompletableFuture<ByteBuffer> result) {
    stopWaiting();
    call.context().journal().answererIs(heard);
    if (continuation.isSuperseded()) {
      ByteBuffer told = errorEvent == null ? continuation.errorEvent() : errorEvent;
      if (firstFailure == null && told.hasRemaining()) {
        // The application gets a provider's own words for it, as without us.
        last = Completions.completed(null);
        current.close();
        result.complete(coding.end(told));
        return;
      }
      Throwable failure = firstFailure == null ? why.failure : firstFailure;
      last = Completions.failed(failure);
      current.close();
      result.completeExceptionally(failure);
      return;
    }
    if (current != first) {
      current.close();
      current = first;
    }
    ByteBuffer held = coding.held(continuation);
    continuation = null;
    joint = null;
    end(firstEnd);
    if (held.hasRemaining()) {
      result.complete(held);
    } else if (last != null || silence != null) {
      Completions.forward(ending(), result);
    } else {
      readOn(result);
    }
  }

  /**
   * Nothing of an answer was delivered but what every answer begins with: it is asked again as if
   * that had been held back, as often as retries may and not in place of what goes on for content.
   */
  private CompletionStage<WireResponse> retry(Break why) {
    boolean ended = firstEnd != null && firstFailure == null;
    ModelCall again =
        call.begunWith(CommitGate.unanswered(first.answer().status(), why.verdict, ended));
    // Who had ended well without us is to have no half answer instead.
    return askAgain(why, ended ? again.heldWhole() : again, isOver(why.verdict));
  }

  private CompletionStage<WireResponse> goOn(Break why) {
    joins++;
    // Who breaks off twice will do so again.
    boolean again = !brokeOff.add(destination());
    return askAgain(why, call.begunWith(null), again || isOver(why.verdict));
  }

  /** Who was silent stays silent. */
  private static boolean isOver(Verdict verdict) {
    return verdict.isSilent() || !verdict.mayBeAskedAgain();
  }

  /** Asks again and takes the new answer for the current one; gives null when there is none. */
  private CompletionStage<WireResponse> askAgain(Break why, ModelCall asked, boolean avoided) {
    boolean lasts = current == first && (firstEnd == null || first.goesOnAfter(firstFailure));
    if (!lasts) {
      current.close();
    }
    String destination = destination();
    call = avoided ? call.avoiding(destination, kind(why.verdict)) : call;
    ModelCall again = avoided ? asked.avoiding(destination, kind(why.verdict)) : asked;
    CallContext context = call.context();
    context.journal().brokeOff(destination);
    Cancellation asking = context.cancellation().child();
    startWaiting(context, asking);
    return Completions.then(
        context
            .withCancellation(asking)
            .resume(
                reading == Thread.currentThread(),
                resumed -> next.proceed(again.withContext(resumed))),
        (response, failure) -> {
          if (failure != null) {
            return Completions.completed(null);
          }
          ContentDecoder next =
              closed || !RecoveryStage.isStream(response)
                  ? null
                  : ContentDecoder.ofAll(response.headers().first("Content-Encoding"));
          if (next == null) {
            response.body().close();
            return Completions.completed(null);
          }
          closeDecoder();
          decoder = next;
          joint = continuation.join();
          current = (ObservedBody) response.body();
          call.context().journal().joined();
          return Completions.completed(response);
        });
  }

  private static FailureKind kind(Verdict verdict) {
    return verdict.failure() == null ? FailureKind.SERVER_ERROR : verdict.failure();
  }

  /** From the break on; several answers in a row do not make it longer. */
  private void startWaiting(CallContext context, Cancellation asking) {
    if (!waiting) {
      waiting = true;
      waitingSince = time.nanoTime();
    }
    if (clock != null) {
      clock.cancel(new CancellationException("the next one is asked"));
    }
    clock = context.cancellation().child();
    long left = Math.max(0, joinNanos - (time.nanoTime() - waitingSince));
    try {
      Completions.then(
          context.withCancellation(clock).withExecutor(Runnable::run).delay(left),
          (none, stopped) -> {
            if (stopped == null) {
              asking.cancel(
                  new CancellationException("Flyball: no other answer has gone on in time"));
            }
            return Completions.completed(null);
          });
    } catch (RejectedExecutionException noTimer) {
      // Then the other limits are the only ones.
    }
  }

  private void stopWaiting() {
    if (waiting) {
      waiting = false;
      clock.cancel(new CancellationException("it goes on"));
      clock = null;
    }
  }

  private String destination() {
    String answering = call.context().journal().answeredBy();
    return answering == null ? call.destination() : answering;
  }

  private void closeDecoder() {
    if (decoder != null) {
      decoder.close();
    }
  }

  @Override
  public void close() {
    closed = true;
    kept.release();
    current.close();
    first.close();
  }
}
