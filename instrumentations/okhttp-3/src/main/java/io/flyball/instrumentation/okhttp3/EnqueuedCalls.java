package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.Caller;
import io.flyball.wire.Gateway;
import java.util.Map;
import java.util.WeakHashMap;
import okhttp3.Call;
import okhttp3.Request;

/**
 * Who enqueued which call, until its interceptors run. A call that never gets there, because the
 * dispatcher is shut down for example, takes its entry with it.
 */
final class EnqueuedCalls {
  private final Gateway gateway;
  private final Map<Call, Caller> callers = new WeakHashMap<>();

  EnqueuedCalls(Gateway gateway) {
    this.gateway = gateway;
  }

  /** On the thread that enqueues it. */
  void add(Call call) {
    Request request = call.request();
    if (Messages.mayGovern(gateway, request)) {
      Caller caller = gateway.caller();
      synchronized (callers) {
        callers.put(call, caller);
      }
    }
  }

  /** Null for a call that was not enqueued. */
  Caller remove(Call call) {
    synchronized (callers) {
      return callers.remove(call);
    }
  }
}
