package io.flyball.instrumentation.springai;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined around what every {@code call()} of a {@code ChatClient} ends in. */
public final class ChatCallAdvice {

  private ChatCallAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static AutoCloseable begin(@Advice.This Object spec) {
    Outcome outcome = Bridge.enter("spring-ai-1-chat-client:call", spec, null);
    return outcome == null ? null : (AutoCloseable) outcome.value();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@Advice.Enter AutoCloseable scope) throws Exception {
    if (scope != null) {
      scope.close();
    }
  }
}
