package io.flyball.instrumentation.langchain4j;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined into {@code RetryPolicy.withRetry}: the loop is skipped, or gets another action. */
public final class WithRetryAdvice {

  private WithRetryAdvice() {}

  /** Null goes on with the method. */
  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  public static Outcome enter(
      @Advice.This Object policy,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object action,
      @Advice.Argument(1) int retries) {
    Outcome outcome =
        Bridge.enter("langchain4j-1:withRetry", policy, new Object[] {action, retries});
    if (outcome != null && outcome.arguments() != null) {
      action = outcome.arguments()[0];
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
