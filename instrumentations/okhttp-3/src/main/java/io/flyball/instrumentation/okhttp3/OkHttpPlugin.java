package io.flyball.instrumentation.okhttp3;

import io.flyball.bootstrap.Outcome;
import io.flyball.engine.wire.Gateway;
import io.flyball.instrumentation.api.Plugin;
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

  public OkHttpPlugin(Gateway gateway) {
    this.gateway = gateway;
    this.enqueued = new EnqueuedCalls(gateway);
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    Call call = (Call) self;
    if (hook.endsWith(":enqueue")) {
      enqueued.add(call);
    } else {
      running.cancel(call);
    }
    return null;
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    List<?> interceptors = (List<?>) result;
    List<Interceptor> governed = new ArrayList<>(interceptors.size() + 1);
    for (Object interceptor : interceptors) {
      if (interceptor instanceof Passage) {
        return null;
      }
      if (!isGovernInterceptor(interceptor)) {
        governed.add((Interceptor) interceptor);
      }
    }
    governed.add(
        new GovernInterceptor(gateway, running, enqueued, attemptClients, (OkHttpClient) self));
    return Outcome.value(Collections.unmodifiableList(governed));
  }

  /**
   * Whether it is one of ours that {@code newBuilder()} copied into the client's own list. By name,
   * because another plugin of the same loader may have made it.
   */
  private static boolean isGovernInterceptor(Object interceptor) {
    return interceptor.getClass().getName().equals(GovernInterceptor.class.getName());
  }
}
