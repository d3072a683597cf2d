package io.flyball.instrumentation.stainless;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined around {@code RetryingHttpClient.execute} and {@code executeAsync}. */
public final class LoopAdvice {

  private LoopAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static AutoCloseable begin(@Advice.This Object loop) {
    String hook =
        loop.getClass().getName().startsWith("com.openai.")
            ? "openai-java:execute"
            : "anthropic-java:execute";
    Outcome outcome = Bridge.enter(hook, loop, null);
    return outcome == null ? null : (AutoCloseable) outcome.value();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@Advice.Enter AutoCloseable attempt) throws Exception {
    if (attempt != null) {
      attempt.close();
    }
  }
}
