package io.flyball.instrumentation.stainless;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of {@code RetryingHttpClient.shouldRetry}: a yes may be undone. */
public final class ShouldRetryAdvice {

  private ShouldRetryAdvice() {}

  /** The SDK tells by its class: hooks are named by the instrumentation that they belong to. */
  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void exit(
      @Advice.This Object loop,
      @Advice.Argument(0) Throwable failure,
      @Advice.Return(readOnly = false) boolean retry) {
    if (retry) {
      String hook =
          loop.getClass().getName().startsWith("com.openai.")
              ? "openai-java:shouldRetry"
              : "anthropic-java:shouldRetry";
      Outcome outcome = Bridge.exit(hook, loop, new Object[] {failure}, Boolean.TRUE);
      if (outcome != null) {
        retry = (Boolean) outcome.value();
      }
    }
  }
}
