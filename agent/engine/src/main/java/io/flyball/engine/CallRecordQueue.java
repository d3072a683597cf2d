package io.flyball.engine;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.CallSink;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.wire.HeldBytes;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes records from the threads of the application and hands them to one background thread, in the
 * order they came. Bounded: when the background falls behind, the oldest records are dropped and
 * counted, and records wait without their content before that.
 *
 * <p>Waking a thread costs the application more than handing it a record. So the background thread
 * naps for some milliseconds before it sleeps, and is woken only from its sleep: while calls follow
 * each other closely, none of them wakes it.
 */
public final class CallRecordQueue implements CallSink {
  /** Request bodies and texts waiting together, in bytes. */
  private static final long MAX_CONTENT_BYTES = 32L << 20;

  private final CallSink sink;
  private final HeldBytes.Hold held = HeldBytes.ofThisJvm().hold();
  private final int capacity;
  private final InternalErrors errors;
  private static final long FIRST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private static final long LAST_NAP_NANOS = TimeUnit.MILLISECONDS.toNanos(16);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition idle = lock.newCondition();
  private final ArrayDeque<CallRecord> waiting = new ArrayDeque<>();
  private final AtomicLong dropped = new AtomicLong();
  private long contentBytes;
  private boolean busy;
  private boolean asleep;
  private boolean started;

  /**
   * @param sink called on the background thread only
   * @param capacity records that may wait, at least 1
   */
  public CallRecordQueue(CallSink sink, int capacity, InternalErrors errors) {
    if (capacity < 1) {
      throw new IllegalArgumentException("capacity " + capacity);
    }
    this.sink = sink;
    this.capacity = capacity;
    this.errors = errors;
  }

  @Override
  public void accept(CallRecord record) {
    CallRecord lost = put(record);
    if (lost != null) {
      SettlingListener.forfeit(lost);
    }
  }

  /** Gives the record that had to make room; null when none had to. */
  private CallRecord put(CallRecord record) {
    CallRecord lost = null;
    lock.lock();
    try {
      if (!started) {
        DetachedThread.create("flyball-records", this::work).start();
        started = true;
      }
      if (waiting.size() == capacity) {
        lost = waiting.poll();
        giveBack(contentBytes(lost));
        dropped.incrementAndGet();
      }
      long bytes = contentBytes(record);
      boolean fits = bytes == 0 || (contentBytes + bytes <= MAX_CONTENT_BYTES && held.grow(bytes));
      waiting.add(fits ? record : record.withoutContent());
      contentBytes += fits ? bytes : 0;
      if (asleep || waiting.size() > capacity / 2) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
    return lost;
  }

  /** Under the lock. */
  private void giveBack(long bytes) {
    contentBytes -= bytes;
    held.shrink(bytes);
  }

  /** How many records were dropped because the background fell behind. */
  public long dropped() {
    return dropped.get();
  }

  /**
   * Waits until everything accepted so far has been handled, at most that long.
   *
   * @return whether it has
   */
  public boolean flush(long timeout, TimeUnit unit) {
    long left = unit.toNanos(timeout);
    lock.lock();
    try {
      arrived.signal();
      while (busy || !waiting.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = idle.awaitNanos(left);
      }
      return true;
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      return false;
    } finally {
      lock.unlock();
    }
  }

  /** Attempts mostly hold the very objects the call does, which count once. */
  private static long contentBytes(CallRecord record) {
    byte[] body = record.requestBody();
    String text = record.outputText();
    long bytes = bytesOf(body, text);
    for (AttemptRecord attempt : record.attempts()) {
      bytes +=
          bytesOf(
              attempt.requestBody() == body ? null : attempt.requestBody(),
              attempt.outputText() == text ? null : attempt.outputText());
      body = attempt.requestBody() == null ? body : attempt.requestBody();
    }
    return bytes;
  }

  private static long bytesOf(byte[] body, String text) {
    return (body == null ? 0 : body.length) + (text == null ? 0 : 2L * text.length());
  }

  private void work() {
    while (true) {
      try {
        sink.accept(take());
      } catch (Throwable failure) {
        errors.report("records", failure);
      }
    }
  }

  private CallRecord take() {
    lock.lock();
    try {
      busy = false;
      long nap = FIRST_NAP_NANOS;
      while (waiting.isEmpty()) {
        idle.signalAll();
        if (nap <= LAST_NAP_NANOS) {
          nap(nap);
          nap *= 2;
        } else {
          asleep = true;
          arrived.awaitUninterruptibly();
          asleep = false;
        }
      }
      busy = true;
      CallRecord record = waiting.poll();
      giveBack(contentBytes(record));
      return record;
    } finally {
      lock.unlock();
    }
  }

  private void nap(long nanos) {
    try {
      arrived.awaitNanos(nanos);
    } catch (InterruptedException nobodysBusiness) {
      // The flag is cleared; it only napped less.
    }
  }
}
