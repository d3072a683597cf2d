package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import java.util.concurrent.ForkJoinTask;
import net.bytebuddy.asm.Advice;

/** Inlined where tasks are forked but for the first one, which is invoked. */
final class InvokeAllAdvice {

  private InvokeAllAdvice() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.Argument(0) ForkJoinTask<?>[] tasks) {
    if (tasks != null && tasks.length > 0) {
      Tasks.handOver(tasks[0]);
    }
  }
}
