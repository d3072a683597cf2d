package io.flyball.instrumentation.langchain4j;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined around what every method of an AI service ends in. */
public final class InvokeAdvice {

  private InvokeAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static AutoCloseable begin(
      @Advice.This Object handler,
      @Advice.Argument(0) Object proxy,
      @Advice.Argument(1) Object method) {
    Outcome outcome =
        Bridge.enter("langchain4j-1-ai-services:invoke", handler, new Object[] {proxy, method});
    return outcome == null ? null : (AutoCloseable) outcome.value();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@Advice.Enter AutoCloseable scope) throws Exception {
    if (scope != null) {
      scope.close();
    }
  }
}
