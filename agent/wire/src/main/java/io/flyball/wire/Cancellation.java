package io.flyball.wire;

import java.util.ArrayList;
import java.util.List;

/**
 * Says that nobody waits any more. Thread safe; fires once. Actions run on the thread that cancels,
 * or at once when it is already cancelled, and must not block.
 */
public final class Cancellation {
  private final Cancellation parent;
  private List<Runnable> actions = new ArrayList<>(2);
  private Throwable reason;

  /** Of a whole call. */
  public Cancellation() {
    this(null);
  }

  private Cancellation(Cancellation parent) {
    this.parent = parent;
  }

  /** Of one attempt: fires when this one fires, and can fire without it. */
  public Cancellation child() {
    Cancellation child = new Cancellation(this);
    onCancel(() -> child.cancel(reason()));
    return child;
  }

  /**
   * Whether this can fire while the call goes on. A transport that cannot cancel an attempt without
   * the application's own call may choose another way of sending then.
   */
  public boolean isOfOneAttempt() {
    return parent != null;
  }

  /** Whether {@link #cancel} was called. */
  public synchronized boolean isCancelled() {
    return reason != null;
  }

  /** Why, or null while not cancelled. */
  public synchronized Throwable reason() {
    return reason;
  }

  /**
   * Cancels; later calls do nothing.
   *
   * @param why what the one who waits would be told
   */
  public void cancel(Throwable why) {
    List<Runnable> toRun;
    synchronized (this) {
      if (reason != null) {
        return;
      }
      reason = why;
      toRun = actions;
      actions = null;
    }
    Throwable first = null;
    for (Runnable action : toRun) {
      try {
        action.run();
      } catch (Throwable failure) {
        // Another action may be what somebody waits for.
        first = first == null ? failure : first;
      }
    }
    if (first != null) {
      throw Completions.<RuntimeException>sneakyThrow(first);
    }
  }

  /** Runs the action on cancellation; now, when that has already happened. */
  public void onCancel(Runnable action) {
    synchronized (this) {
      if (actions != null) {
        actions.add(action);
        return;
      }
    }
    action.run();
  }
}
