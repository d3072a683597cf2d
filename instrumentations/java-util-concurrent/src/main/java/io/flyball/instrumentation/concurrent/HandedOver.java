package io.flyball.instrumentation.concurrent;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * What tasks that were handed over and have not begun are done for. A task is known by identity,
 * and as long as somebody holds it: some are never run. Where the same object was handed over for
 * different things, it cannot be told which of its runs is which, so it is done for none. Thread
 * safe.
 */
final class HandedOver {
  private final ConcurrentMap<Object, Pending> pending = new ConcurrentHashMap<>();
  private final ReferenceQueue<Object> dead = new ReferenceQueue<>();

  /**
   * @param captured null when it was handed over for nothing
   */
  void add(Object task, Object captured) {
    if (captured == null && pending.isEmpty()) {
      return;
    }
    for (Reference<?> gone = dead.poll(); gone != null; gone = dead.poll()) {
      pending.remove(gone);
    }
    Probe probe = new Probe(task);
    while (true) {
      Pending before = pending.get(probe);
      if (before != null) {
        if (pending.replace(probe, before, before.and(captured))) {
          return;
        }
      } else if (captured == null
          || pending.putIfAbsent(new Key(task, dead), new Pending(captured, 1)) == null) {
        return;
      }
    }
  }

  /** What the task, which begins, is done for; null for nothing. */
  Object take(Object task) {
    if (pending.isEmpty()) {
      return null;
    }
    Probe probe = new Probe(task);
    while (true) {
      Pending before = pending.get(probe);
      if (before == null) {
        return null;
      }
      if (before.runs == 1
          ? pending.remove(probe, before)
          : pending.replace(probe, before, new Pending(before.captured, before.runs - 1))) {
        return before.captured;
      }
    }
  }

  boolean isEmpty() {
    return pending.isEmpty();
  }

  int size() {
    return pending.size();
  }

  /** Immutable; equal to itself only. */
  private static final class Pending {
    /** Null for different things. */
    final Object captured;

    final int runs;

    Pending(Object captured, int runs) {
      this.captured = captured;
      this.runs = runs;
    }

    Pending and(Object another) {
      return new Pending(Objects.equals(captured, another) ? captured : null, runs + 1);
    }
  }

  /** A task to be remembered. */
  private static final class Key extends WeakReference<Object> {
    private final int hash;

    Key(Object task, ReferenceQueue<Object> queue) {
      super(task, queue);
      this.hash = System.identityHashCode(task);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(Object other) {
      if (this == other) {
        return true;
      }
      Object task = get();
      return task != null && other instanceof Key && ((Key) other).get() == task;
    }
  }

  /** The same task, to be looked up. */
  private static final class Probe {
    private final Object task;

    Probe(Object task) {
      this.task = task;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(task);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key && ((Key) other).get() == task;
    }
  }
}
