package io.flyball.engine.attempt;

import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.time.Timer;
import io.flyball.engine.wire.Body;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
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
final class TimedBody implements Verdict.Judged {
  private static final long NOBODY_READS = Long.MIN_VALUE;

  private final Body body;
  private final ModelCall call;
  private final Cancellation attempt;
  private final long idleNanos;
  private final Timer timer;
  private final TimeSource time;
  private final AtomicBoolean alarmed = new AtomicBoolean();
  private volatile long readingSince = NOBODY_READS;
  private volatile CompletableFuture<ByteBuffer> pending;
  private volatile Throwable expired;
  private volatile Timer.Scheduled alarm;

  TimedBody(
      Body body,
      ModelCall call,
      Cancellation attempt,
      long idleNanos,
      Timer timer,
      TimeSource time) {
    this.body = body;
    this.call = call;
    this.attempt = attempt;
    this.idleNanos = idleNanos;
    this.timer = timer;
    this.time = time;
  }

  @Override
  public Verdict verdict() {
    return Verdict.answered();
  }

  @Override
  public AnswerMeter answer() {
    return body instanceof ObservedBody ? ((ObservedBody) body).answer() : null;
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    if (expired != null) {
      return Completions.failed(expired);
    }
    readingSince = time.nanoTime();
    if (!alarmed.get()) {
      arm(readingSince);
    }
    CompletableFuture<ByteBuffer> next = body.read().toCompletableFuture();
    if (next.isDone()) {
      readingSince = NOBODY_READS;
      if (next.isCompletedExceptionally() || next.join() == null) {
        disarm();
      }
      return expired == null ? next : Completions.failed(expired);
    }
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    pending = result;
    next.whenComplete(
        (bytes, failure) -> Completions.orFail(result, () -> ended(bytes, failure, result)));
    return result;
  }

  private void ended(ByteBuffer bytes, Throwable failure, CompletableFuture<ByteBuffer> result) {
    readingSince = NOBODY_READS;
    if (bytes == null) {
      disarm();
    }
    if (expired != null) {
      result.completeExceptionally(expired);
    } else if (failure != null) {
      result.completeExceptionally(Completions.unwrap(failure));
    } else {
      result.complete(bytes);
    }
  }

  /** How much longer the read that began then may take; {@link TimeoutSettings#NONE} for ever. */
  private long nanosLeft(long began) {
    long idle =
        idleNanos == TimeoutSettings.NONE ? idleNanos : idleNanos - (time.nanoTime() - began);
    return Math.min(idle, call.context().nanosLeftOfLimit());
  }

  private void arm(long began) {
    long left = nanosLeft(began);
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
      arm(began);
      return;
    }
    CallContext context = call.context();
    String message =
        "Flyball: nothing more from "
            + call.destination()
            + " for "
            + TimedAttempt.inWords(time.nanoTime() - began);
    expired = context.timeoutFailure(message);
    attempt.cancel(new SocketTimeoutException(message));
    CompletableFuture<ByteBuffer> waiting = pending;
    if (waiting != null) {
      Completions.execute(context.executor(), () -> waiting.completeExceptionally(expired));
    }
  }

  @Override
  public void close() {
    disarm();
    body.close();
  }
}
