package io.flyball.instrumentation.azurecore;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/**
 * Inlined at the end of {@code shouldRetry} and {@code shouldRetryException}: a yes may be undone.
 */
public final class ShouldRetryAdvice {

  private ShouldRetryAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void exit(
      @Advice.Origin Class<?> policy,
      @Advice.AllArguments Object[] arguments,
      @Advice.Return(readOnly = false) boolean retry) {
    if (retry) {
      Outcome outcome = Bridge.exit("azure-core-1:shouldRetry", policy, arguments, Boolean.TRUE);
      if (outcome != null) {
        retry = (Boolean) outcome.value();
      }
    }
  }
}
