package io.flyball.instrumentation.okhttp3;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import java.util.List;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of {@code OkHttpClient.interceptors()}. */
public final class InterceptorsAdvice {

  private InterceptorsAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void exit(
      @Advice.This Object client, @Advice.Return(readOnly = false) List<?> interceptors) {
    Outcome outcome = Bridge.exit("okhttp-3:interceptors", client, null, interceptors);
    if (outcome != null) {
      interceptors = (List<?>) outcome.value();
    }
  }
}
