package io.flyball.instrumentation.okhttp3;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.List;

/**
 * OkHttp from 3.9, when {@code Interceptor.Chain.call()} came, to 5 ({@code okhttp-jvm}).
 *
 * <p>Two hooks see every call: {@code RealCall} has one method that builds the chain, and the first
 * thing that does is to ask {@code OkHttpClient.interceptors()} for the application's list, in
 * every version (checked in the bytecode of 3.9.1, 3.12.13, 3.14.9, 4.0.1, 4.4.1, 4.12.0, 5.0.0 and
 * 5.5.1). That question alone, on the thread that has just begun to build, gets a longer list;
 * whoever else asks gets the application's own. So clients that existed before the agent was
 * attached are governed from their next call on, nothing is stored in a client, and what an
 * application sees of it, or derives from it with {@code newBuilder()}, is as without the agent.
 *
 * <p>{@code RealCall.cancel()} is hooked because no interceptor is told when the application
 * cancels, {@code RealCall.enqueue()} because the interceptors of an enqueued call run on a thread
 * that knows nothing of who made it. The task of an enqueued call is remembered when it is made,
 * because whichever call has just ended hands the next one to the executor.
 */
public final class OkHttpInstrumentation implements ClientInstrumentation {
  /** Until 3.14. */
  private static final String OLD_CALL = "okhttp3.RealCall";

  private static final String CALL = "okhttp3.internal.connection.RealCall";

  @Override
  public String name() {
    return "okhttp-3";
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        new Hook("okhttp3.OkHttpClient", "interceptors", InterceptorsAdvice.class.getName()),
        builder(OLD_CALL, "getResponseWithInterceptorChain"),
        builder(CALL, "getResponseWithInterceptorChain$okhttp"),
        new Hook(OLD_CALL, "cancel", CancelAdvice.class.getName()),
        new Hook(CALL, "cancel", CancelAdvice.class.getName()),
        new Hook(OLD_CALL, "enqueue", EnqueueAdvice.class.getName(), "okhttp3.Callback"),
        new Hook(CALL, "enqueue", EnqueueAdvice.class.getName(), "okhttp3.Callback"),
        enqueued(OLD_CALL),
        enqueued(CALL));
  }

  private static Hook builder(String call, String method) {
    return new Hook(call, method, ChainAdvice.class.getName());
  }

  private static Hook enqueued(String call) {
    String type = call + "$AsyncCall";
    return new Hook(type, "<init>", EnqueuedAdvice.class.getName(), call, "okhttp3.Callback")
        .whereItExists();
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method("okhttp3.OkHttpClient", "interceptors"),
        Witness.method("okhttp3.Interceptor$Chain", "call"),
        Witness.type("okhttp3.RequestBody"));
  }

  @Override
  public String clientOf(String hookedType) {
    return "OkHttp";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.okhttp3.OkHttpPlugin";
  }
}
