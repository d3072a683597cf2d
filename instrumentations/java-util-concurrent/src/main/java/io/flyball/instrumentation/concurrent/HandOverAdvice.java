package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;

/** Inlined where a task is forked or invoked. */
final class HandOverAdvice {

  private HandOverAdvice() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.This Object task) {
    Tasks.handOver(task);
  }
}
