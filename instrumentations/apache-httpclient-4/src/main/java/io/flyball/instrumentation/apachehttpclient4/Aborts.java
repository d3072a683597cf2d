package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.GovernedCall;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.concurrent.CancellationException;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.AbortableHttpRequest;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.conn.ConnectionReleaseTrigger;

/**
 * What becomes of a governed call when the application aborts its request, or resets it ({@code
 * releaseConnection()}), which ends what it is still used for.
 */
@SuppressWarnings("deprecation")
final class Aborts {

  private Aborts() {}

  /**
   * Has the request end that call, where it can be aborted at all. It does not keep it: a program
   * may keep its requests for ever.
   */
  static void reach(HttpRequest request, GovernedCall call) {
    WeakReference<GovernedCall> reference = new WeakReference<>(call);
    if (request instanceof HttpExecutionAware) {
      ((HttpExecutionAware) request).setCancellable(() -> cancel(reference));
    } else if (request instanceof AbortableHttpRequest) {
      try {
        ((AbortableHttpRequest) request).setReleaseTrigger(new Trigger(reference));
      } catch (IOException abortedAlready) {
        cancel(reference);
      }
    }
  }

  /** Whether the application has aborted it. */
  static boolean isAborted(HttpRequest request) {
    if (request instanceof HttpExecutionAware) {
      return ((HttpExecutionAware) request).isAborted();
    }
    return request instanceof HttpUriRequest && ((HttpUriRequest) request).isAborted();
  }

  private static boolean cancel(WeakReference<GovernedCall> reference) {
    GovernedCall call = reference.get();
    if (call != null) {
      call.cancel(new CancellationException("aborted by the application"));
    }
    return call != null;
  }

  private static final class Trigger implements ConnectionReleaseTrigger {
    private final WeakReference<GovernedCall> call;

    Trigger(WeakReference<GovernedCall> call) {
      this.call = call;
    }

    @Override
    public void releaseConnection() {
      cancel(call);
    }

    @Override
    public void abortConnection() {
      cancel(call);
    }
  }
}
