package io.flyball.instrumentation.simpleopenai;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of {@code RetryableRequest.isRetryable}: a yes may be undone. */
public final class IsRetryableAdvice {

  private IsRetryableAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void exit(
      @Advice.This Object request,
      @Advice.AllArguments Object[] arguments,
      @Advice.Return(readOnly = false) boolean retryable) {
    if (retryable) {
      Outcome outcome =
          Bridge.exit("simple-openai-3:isRetryable", request, arguments, Boolean.TRUE);
      if (outcome != null) {
        retryable = (Boolean) outcome.value();
      }
    }
  }
}
