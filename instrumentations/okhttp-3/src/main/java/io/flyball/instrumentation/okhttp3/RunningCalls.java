package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.GovernedCall;
import java.lang.ref.WeakReference;
import java.net.SocketTimeoutException;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CancellationException;
import okhttp3.Call;

/**
 * Which governed call stands behind an application's call, until it has ended. Holds neither: a
 * response that the application forgets takes its entry with it.
 */
final class RunningCalls {
  private final Map<Call, WeakReference<GovernedCall>> governed = new WeakHashMap<>();

  synchronized void add(Call call, GovernedCall governedCall) {
    governed.put(call, new WeakReference<>(governedCall));
  }

  synchronized void remove(Call call) {
    governed.remove(call);
  }

  /**
   * Tells the engine that the application cancels, or that the call's time is over; once, though
   * cancelling calls back here.
   */
  void cancel(Call call) {
    if (CallTimeouts.isExpiring(Thread.currentThread())) {
      expire(call);
      return;
    }
    GovernedCall governedCall = take(call);
    if (governedCall != null) {
      governedCall.cancel(new ByApplication());
    }
  }

  /** Tells the engine that the call's time is over, unless it knows. */
  void expire(Call call) {
    GovernedCall governedCall = take(call);
    if (governedCall != null) {
      governedCall.cancel(new SocketTimeoutException("timeout"));
    }
  }

  private synchronized GovernedCall take(Call call) {
    WeakReference<GovernedCall> reference = governed.remove(call);
    return reference == null ? null : reference.get();
  }

  /** The application is cancelling its call, and whatever that call waits for ends with it. */
  static final class ByApplication extends CancellationException {
    private static final long serialVersionUID = 1L;

    ByApplication() {
      super("cancelled by the application");
    }
  }
}
