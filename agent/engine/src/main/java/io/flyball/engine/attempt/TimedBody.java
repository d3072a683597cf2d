package io.flyball.engine.attempt;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.CallLimit;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.time.Timer;
import io.flyball.wire.Body;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Completions;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A body that may not be silent for too long. The clock runs only while somebody reads; the alarm
 * is set once for many reads, so that a read costs no more than a look at the clock.
 */
final class TimedBody implements ObservedBody {
  private static final long NOBODY_READS = Long.MIN_VALUE;

  private final Body body;
  private final AnswerMeter answer;
  private final ModelCall call;
  private final Cancellation attempt;
  private final long silenceNanos;
  private final long idleNanos;
  private final boolean idleFromHead;
  private final Timer timer;
  private final TimeSource time;
  private final AtomicBoolean alarmed = new AtomicBoolean();
  private volatile long readingSince = NOBODY_READS;

  /** How long was waited for content before this read, and how much there had been then. */
  private volatile long waitedNanos;

  private volatile long contents;
  private volatile CompletableFuture<ByteBuffer> pending;
  private volatile String why;
  private volatile Throwable expired;
  private volatile Timer.Scheduled alarm;

  /**
   * @param attempt cancelled when time is over; null: the body is closed
   * @param silenceNanos between two bytes
   * @param idleNanos between two pieces of content
   * @param idleFromHead whether that also holds before the first one
   */
  TimedBody(
      Body body,
      ModelCall call,
      Cancellation attempt,
      long silenceNanos,
      long idleNanos,
      boolean idleFromHead,
      Timer timer,
      TimeSource time) {
    this.body = body;
    this.answer = body instanceof ObservedBody ? ((ObservedBody) body).answer() : null;
    this.call = call;
    this.attempt = attempt;
    this.silenceNanos = silenceNanos;
    this.idleNanos = answer == null ? TimeoutSettings.NONE : idleNanos;
    this.idleFromHead = idleFromHead;
    this.timer = timer;
    this.time = time;
  }

  /** Null where the body's meter is not known. */
  @Override
  public AnswerMeter answer() {
    return answer;
  }

  /** Which time was over, for people; null while none is. */
  String whyExpired() {
    return why;
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    if (expired != null) {
      return Completions.failed(expired);
    }
    readingSince = time.nanoTime();
    if (!alarmed.get()) {
      arm();
    }
    CompletableFuture<ByteBuffer> next = body.read().toCompletableFuture();
    if (next.isDone()) {
      haveRead(next.isCompletedExceptionally() ? null : next.join());
      return expired == null ? next : Completions.failed(expired);
    }
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    pending = result;
    next.whenComplete(
        (bytes, failure) -> Completions.orFail(result, () -> ended(bytes, failure, result)));
    return result;
  }

  private void ended(ByteBuffer bytes, Throwable failure, CompletableFuture<ByteBuffer> result) {
    haveRead(bytes);
    if (expired != null) {
      result.completeExceptionally(expired);
    } else if (failure != null) {
      result.completeExceptionally(Completions.unwrap(failure));
    } else {
      result.complete(bytes);
    }
  }

  /**
   * @param bytes null at the end
   */
  private void haveRead(ByteBuffer bytes) {
    long began = readingSince;
    readingSince = NOBODY_READS;
    if (bytes == null) {
      disarm();
      // Maybe there is another read.
      alarmed.set(false);
      waitedNanos += time.nanoTime() - began;
    } else if (idleNanos != TimeoutSettings.NONE) {
      long now = answer.contents();
      if (contents == 0 && now > 0) {
        // The alarm may be set for something later.
        disarm();
        alarmed.set(false);
      }
      waitedNanos = now == contents ? waitedNanos + (time.nanoTime() - began) : 0;
      contents = now;
    }
  }

  /** How much longer the read under way may take; {@link TimeoutSettings#NONE} for ever. */
  private long nanosLeft(long began) {
    long reading = time.nanoTime() - began;
    long left = call.context().nanosLeftOfLimit();
    if (silenceNanos != TimeoutSettings.NONE) {
      left = Math.min(left, silenceNanos - silentNanos(reading));
    }
    if (idleNanos != TimeoutSettings.NONE && (idleFromHead || contents > 0)) {
      left = Math.min(left, idleNanos - waitedNanos - reading);
    }
    return left;
  }

  /** What has come may still be held back on its way here, as a part of an event is. */
  private long silentNanos(long reading) {
    return answer == null ? reading : Math.min(reading, answer.silentNanos());
  }

  private void arm() {
    long left = nanosLeft(readingSince);
    if (left == TimeoutSettings.NONE || !alarmed.compareAndSet(false, true)) {
      return;
    }
    try {
      alarm = timer.schedule(Math.max(0, left), this::check);
    } catch (RejectedExecutionException noTimer) {
      // Then the client's own timeouts are the only ones.
    }
  }

  private void disarm() {
    Timer.Scheduled set = alarm;
    if (set != null) {
      set.cancel();
    }
  }

  /** Reached by the timer; while nobody reads, the timer lets go of this body. */
  private void check() {
    alarmed.set(false);
    long began = readingSince;
    if (began == NOBODY_READS) {
      return;
    }
    if (nanosLeft(began) > 0) {
      arm();
      return;
    }
    why = whatIsOver(began);
    CallContext context = call.context();
    String message = "Flyball: " + why;
    expired = context.timeoutFailure(message);
    if (attempt == null) {
      body.close();
    } else {
      attempt.cancel(new SocketTimeoutException(message));
    }
    CompletableFuture<ByteBuffer> waiting = pending;
    if (waiting != null) {
      Completions.execute(context.executor(), () -> waiting.completeExceptionally(expired));
    }
  }

  private String whatIsOver(long began) {
    CallContext context = call.context();
    if (context.nanosLeftOfLimit() <= 0) {
      return "the answer of "
          + call.destination()
          + " was not whole within the call's limit of "
          + context.limit();
    }
    long reading = time.nanoTime() - began;
    boolean silent =
        silenceNanos != TimeoutSettings.NONE && silenceNanos - silentNanos(reading) <= 0;
    return (silent || waitedNanos == 0 ? "nothing more from " : "no more content from ")
        + call.destination()
        + " for "
        + CallLimit.inWords(silent ? silenceNanos : idleNanos)
        + " (flyball.timeout.idle)";
  }

  @Override
  public boolean goesOnAfter(Throwable failure) {
    return expired == null && body.goesOnAfter(failure);
  }

  @Override
  public int available() {
    return expired != null ? 0 : body.available();
  }

  @Override
  public void close() {
    disarm();
    body.close();
  }
}
