package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;

/** Inlined around what has nothing to do with what its thread works for. */
final class LeaveAdvice {

  private LeaveAdvice() {}

  @Advice.OnMethodEnter
  static AutoCloseable enter() {
    return Tasks.leave();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(@Advice.Enter AutoCloseable scope) {
    Tasks.close(scope);
  }
}
