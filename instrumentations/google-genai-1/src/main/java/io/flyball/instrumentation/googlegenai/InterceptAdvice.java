package io.flyball.instrumentation.googlegenai;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined into {@code RetryInterceptor.intercept}: it is skipped, or gets another chain. */
public final class InterceptAdvice {

  private InterceptAdvice() {}

  /** Null goes on with the method. */
  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  public static Outcome enter(
      @Advice.This Object interceptor,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC)
          Object chain) {
    Outcome outcome = Bridge.enter("google-genai-1:intercept", interceptor, new Object[] {chain});
    if (outcome != null && outcome.arguments() != null) {
      chain = outcome.arguments()[0];
      outcome = null;
    }
    return outcome;
  }

  /** Replaces the result when the method was skipped. */
  @Advice.OnMethodExit
  public static void exit(
      @Advice.Enter Outcome outcome,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object result)
      throws Throwable {
    if (outcome != null) {
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
      result = outcome.value();
    }
  }
}
