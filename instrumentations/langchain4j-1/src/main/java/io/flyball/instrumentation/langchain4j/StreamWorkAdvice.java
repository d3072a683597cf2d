package io.flyball.instrumentation.langchain4j;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined around the methods in which an AI service's stream may make calls. */
public final class StreamWorkAdvice {

  private StreamWorkAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static AutoCloseable begin(@Advice.This Object stream) {
    Outcome outcome = Bridge.enter("langchain4j-1-ai-services:work", stream, null);
    return outcome == null ? null : (AutoCloseable) outcome.value();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@Advice.Enter AutoCloseable scope) throws Exception {
    if (scope != null) {
      scope.close();
    }
  }
}
