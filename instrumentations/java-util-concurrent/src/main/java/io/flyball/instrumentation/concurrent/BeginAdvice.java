package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;

/** Inlined around the work of a task. */
final class BeginAdvice {

  private BeginAdvice() {}

  @Advice.OnMethodEnter
  static AutoCloseable enter(@Advice.This Object task) {
    return Tasks.begin(task);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(@Advice.Enter AutoCloseable scope) {
    Tasks.close(scope);
  }
}
