package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;

/** Inlined where a task of a pool's own kind is handed over, or the first of two is invoked. */
final class HandOverFirstAdvice {

  private HandOverFirstAdvice() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.Argument(0) Object task) {
    Tasks.handOver(task);
  }
}
