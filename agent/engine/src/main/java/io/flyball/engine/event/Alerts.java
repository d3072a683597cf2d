package io.flyball.engine.event;

import io.flyball.base.InternalErrors;
import io.flyball.engine.budget.BudgetAlert;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.signal.PromptGrowth;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Takes alerts from wherever they arise, also on a caller's thread, and tells of them in the
 * background, in their order. When too many wait, further ones are lost and counted. Thread safe.
 */
public final class Alerts {
  private static final int WAITING = 1_000;
  private static final int REMEMBERED = 100;

  private final TimeSource time;
  private final Executor background;
  private final InternalErrors errors;
  private final List<AlertListener> listeners = new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition idle = lock.newCondition();
  private final ArrayDeque<Alert> waiting = new ArrayDeque<>();
  private final ArrayDeque<Alert> latest = new ArrayDeque<>();
  private final AtomicLong lost = new AtomicLong();
  private boolean telling;

  /**
   * @param background where listeners are told; must not run it on the thread that hands it over
   *     where that is a caller's
   */
  public Alerts(TimeSource time, Executor background, InternalErrors errors) {
    this.time = time;
    this.background = background;
    this.errors = errors;
  }

  public void listen(AlertListener listener) {
    listeners.add(listener);
  }

  /** An account has passed a mark of its budget. */
  public void tell(BudgetAlert alert) {
    tell(Alert.of(alert, nowMillis()));
  }

  /** The prompts of a feature have grown. */
  public void tell(PromptGrowth.Alert alert) {
    tell(Alert.of(alert, nowMillis()));
  }

  private long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(time.epochNanos());
  }

  private void tell(Alert alert) {
    boolean start;
    lock.lock();
    try {
      latest.addFirst(alert);
      if (latest.size() > REMEMBERED) {
        latest.removeLast();
      }
      if (waiting.size() == WAITING) {
        lost.incrementAndGet();
        return;
      }
      waiting.add(alert);
      start = !telling;
      telling = true;
    } finally {
      lock.unlock();
    }
    if (start) {
      begin();
    }
  }

  private void begin() {
    try {
      background.execute(this::work);
    } catch (Throwable noThread) {
      // What waits is told of with the next one.
      stop();
      errors.report("alerts", noThread);
    }
  }

  private void work() {
    for (Alert alert = next(); alert != null; alert = next()) {
      for (AlertListener listener : listeners) {
        try {
          listener.alerted(alert);
        } catch (Throwable failure) {
          errors.report("alerts", failure);
        }
      }
    }
  }

  private Alert next() {
    lock.lock();
    try {
      Alert alert = waiting.poll();
      if (alert == null) {
        stop();
      }
      return alert;
    } finally {
      lock.unlock();
    }
  }

  private void stop() {
    lock.lock();
    try {
      telling = false;
      idle.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until listeners have been told of all there is, at most so long. */
  public void flush(long timeout, TimeUnit unit) {
    long left = unit.toNanos(timeout);
    lock.lock();
    try {
      while (telling && left > 0) {
        left = idle.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** The latest, the last one first. */
  public List<Alert> latest() {
    lock.lock();
    try {
      return new ArrayList<>(latest);
    } finally {
      lock.unlock();
    }
  }

  /** Those that listeners were not told of since the start, because too many waited. */
  public long lost() {
    return lost.get();
  }
}
