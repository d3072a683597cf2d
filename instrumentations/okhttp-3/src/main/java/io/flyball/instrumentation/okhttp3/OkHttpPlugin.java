package io.flyball.instrumentation.okhttp3;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;

/** Adds the {@link GovernInterceptor} to every call's chain, last of the application's own. */
public final class OkHttpPlugin implements Plugin {
  private final Gateway gateway;
  private final RunningCalls running = new RunningCalls();
  private final AttemptClients attemptClients = new AttemptClients();
  private final EnqueuedCalls enqueued;

  /**
   * Whether this thread has begun to build a chain and will ask for the interceptors next. Of a
   * type of the JDK, so that a thread of the application holds on to nothing of ours.
   */
  private final ThreadLocal<boolean[]> building = ThreadLocal.withInitial(() -> new boolean[1]);

  public OkHttpPlugin(Gateway gateway) {
    this.gateway = gateway;
    this.enqueued = new EnqueuedCalls(gateway);
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    Call call = (Call) self;
    if (hook.endsWith(":chain")) {
      building.get()[0] = true;
    } else if (hook.endsWith(":enqueue")) {
      enqueued.add(call);
    } else {
      running.cancel(call);
    }
    return null;
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    boolean[] asked = building.get();
    if (!asked[0]) {
      return null;
    }
    asked[0] = false;
    List<?> interceptors = (List<?>) result;
    List<Interceptor> governed = new ArrayList<>(interceptors.size() + 1);
    for (Object interceptor : interceptors) {
      if (interceptor instanceof Passage) {
        return null;
      }
      governed.add((Interceptor) interceptor);
    }
    governed.add(
        new GovernInterceptor(gateway, running, enqueued, attemptClients, (OkHttpClient) self));
    return Outcome.value(Collections.unmodifiableList(governed));
  }
}
