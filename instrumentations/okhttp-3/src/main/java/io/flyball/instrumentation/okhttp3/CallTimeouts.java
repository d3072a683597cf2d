package io.flyball.instrumentation.okhttp3;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okio.Timeout;

/** The time limit of a whole call, which OkHttp has since 3.12. */
final class CallTimeouts {
  private static final Method TIMEOUT = find();

  private CallTimeouts() {}

  private static Method find() {
    try {
      return Call.class.getMethod("timeout");
    } catch (NoSuchMethodException olderOkHttp) {
      return null;
    }
  }

  /**
   * Nanoseconds that a call which began at that {@link System#nanoTime} has left; at least 0, or -1
   * when it may take for ever.
   */
  static long nanosLeft(Call call, long began) {
    Timeout timeout = of(call);
    if (timeout == null) {
      return -1;
    }
    long now = System.nanoTime();
    long left = Long.MAX_VALUE;
    if (timeout.timeoutNanos() > 0) {
      left = timeout.timeoutNanos() - (now - began);
    }
    if (timeout.hasDeadline()) {
      left = Math.min(left, timeout.deadlineNanoTime() - now);
    }
    return left == Long.MAX_VALUE ? -1 : Math.max(0, left);
  }

  /**
   * Gives a call that is not yet sent a time limit instead of its client's.
   *
   * @param nanos -1 for none
   */
  static void limit(Call call, long nanos) {
    Timeout timeout = of(call);
    if (timeout != null) {
      // To OkHttp 0 is no limit.
      timeout.timeout(nanos < 0 ? 0 : Math.max(1, nanos), TimeUnit.NANOSECONDS);
    }
  }

  /**
   * Whether the thread is the one on which Okio tells that a time limit is over; a call is
   * cancelled there because of that, not because the application wants to.
   */
  static boolean isExpiring(Thread thread) {
    return thread.getClass().getName().equals("okio.AsyncTimeout$Watchdog");
  }

  private static Timeout of(Call call) {
    try {
      return TIMEOUT == null ? null : (Timeout) TIMEOUT.invoke(call);
    } catch (IllegalAccessException | InvocationTargetException | RuntimeException untold) {
      return null;
    }
  }
}
