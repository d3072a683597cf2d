package io.flyball.instrumentation.langchain4j;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * Inlined into {@code RetryPolicy.withRetryAsync}: the loop gets another action and another mapper
 * of exceptions, and what it returns is shown to the agent.
 */
public final class WithRetryAsyncAdvice {

  private WithRetryAsyncAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(
      @Advice.This Object policy,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object action,
      @Advice.Argument(1) int retries,
      @Advice.Argument(value = 2, readOnly = false, typing = Assigner.Typing.DYNAMIC)
          Object mapper) {
    Outcome outcome =
        Bridge.enter(
            "langchain4j-1:withRetryAsync", policy, new Object[] {action, mapper, retries});
    if (outcome != null && outcome.arguments() != null) {
      action = outcome.arguments()[0];
      mapper = outcome.arguments()[1];
    }
  }

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void exit(
      @Advice.This Object policy,
      @Advice.Argument(value = 2, typing = Assigner.Typing.DYNAMIC) Object mapper,
      @Advice.Return(typing = Assigner.Typing.DYNAMIC) Object result) {
    Bridge.exit("langchain4j-1:withRetryAsync", policy, new Object[] {mapper}, result);
  }
}
