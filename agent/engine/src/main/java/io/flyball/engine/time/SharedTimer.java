package io.flyball.engine.time;

import io.flyball.base.DetachedThread;
import io.flyball.base.InternalErrors;
import java.util.Arrays;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One daemon thread, started when it is first needed, for all timeouts and delays.
 *
 * <p>Nearly every timeout is taken back long before its time, and the next one is for later than
 * the thread sleeps anyway. So taking back wakes nobody, and scheduling only for what is due
 * earlier: a call costs no change of threads.
 */
public final class SharedTimer implements Timer {
  private static final String THREAD_NAME = "flyball-timer";

  /** Times of the clock are compared by their difference, which must not overflow. */
  private static final long FOREVER = Long.MAX_VALUE / 4;

  private static final int FEW = 16;

  private final InternalErrors errors;
  private final ReentrantLock lock = new ReentrantLock();

  // A heap, the earliest first. Touched under the lock only, as all below.
  private Entry[] entries = new Entry[FEW];
  private int size;
  private Thread thread;
  private long sleepsUntil;
  private boolean closed;

  /**
   * @param errors is told when a task fails
   */
  public SharedTimer(InternalErrors errors) {
    this.errors = errors;
  }

  @Override
  public Scheduled schedule(long nanos, Runnable task) {
    Entry entry = new Entry(System.nanoTime() + Math.min(nanos, FOREVER), task);
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("closed");
      }
      if (thread == null) {
        Thread started = startThread();
        thread = started;
        sleepsUntil = entry.at;
      }
      add(entry);
      if (entry.at - sleepsUntil < 0) {
        sleepsUntil = entry.at;
        LockSupport.unpark(thread);
      }
    } finally {
      lock.unlock();
    }
    return entry;
  }

  /** A JVM that has no thread left has no timeouts either, which callers are prepared for. */
  private Thread startThread() {
    try {
      Thread started = DetachedThread.create(THREAD_NAME, this::run);
      started.start();
      return started;
    } catch (OutOfMemoryError noThread) {
      throw new RejectedExecutionException("no thread", noThread);
    }
  }

  /** Nothing runs any more, and scheduling is refused. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      for (int i = 0; i < size; i++) {
        entries[i].index = Entry.NOWHERE;
      }
      entries = new Entry[FEW];
      size = 0;
      LockSupport.unpark(thread);
    } finally {
      lock.unlock();
    }
  }

  private void run() {
    while (true) {
      try {
        runUntilClosed();
        return;
      } catch (Throwable failure) {
        // Even waiting for a lock takes memory; there may be some the next time.
        errors.report("timer", failure);
      }
    }
  }

  private void runUntilClosed() {
    while (true) {
      Entry due = null;
      long sleep = 0;
      lock.lock();
      try {
        if (closed) {
          return;
        }
        long now = System.nanoTime();
        if (size > 0 && entries[0].at - now <= 0) {
          due = entries[0];
          remove(due);
        } else {
          sleep = size > 0 ? entries[0].at - now : FOREVER;
          sleepsUntil = now + sleep;
        }
      } finally {
        lock.unlock();
      }
      if (due == null) {
        LockSupport.parkNanos(this, sleep);
        // Interruptions are nobody's business here, and would keep it from sleeping.
        Thread.interrupted();
      } else {
        run(due.task);
      }
    }
  }

  private void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable failure) {
      errors.report("timer", failure);
    }
  }

  private void add(Entry entry) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size * 2);
    }
    size++;
    rise(size - 1, entry);
  }

  private void remove(Entry entry) {
    int hole = entry.index;
    entry.index = Entry.NOWHERE;
    size--;
    Entry last = entries[size];
    entries[size] = null;
    if (last != entry) {
      rise(sink(hole, last), last);
    }
  }

  /** Puts the entry at that place or above it. */
  private void rise(int place, Entry entry) {
    int at = place;
    while (at > 0 && entry.at - entries[(at - 1) / 2].at < 0) {
      put(at, entries[(at - 1) / 2]);
      at = (at - 1) / 2;
    }
    put(at, entry);
  }

  /** Moves up what is earlier than the entry; gives the place that is left for it. */
  private int sink(int place, Entry entry) {
    int at = place;
    while (true) {
      int child = 2 * at + 1;
      if (child + 1 < size && entries[child + 1].at - entries[child].at < 0) {
        child++;
      }
      if (child >= size || entries[child].at - entry.at >= 0) {
        return at;
      }
      put(at, entries[child]);
      at = child;
    }
  }

  private void put(int place, Entry entry) {
    entries[place] = entry;
    entry.index = place;
  }

  private final class Entry implements Scheduled {
    static final int NOWHERE = -1;

    final long at;
    final Runnable task;
    private int index = NOWHERE;

    Entry(long at, Runnable task) {
      this.at = at;
      this.task = task;
    }

    @Override
    public void cancel() {
      lock.lock();
      try {
        if (index != NOWHERE) {
          remove(this);
        }
      } finally {
        lock.unlock();
      }
    }
  }
}
