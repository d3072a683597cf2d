package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;

/** Inlined into {@code execute}. */
final class ExecuteAdvice {

  private ExecuteAdvice() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.Argument(0) Runnable task) {
    Tasks.execute(task);
  }
}
