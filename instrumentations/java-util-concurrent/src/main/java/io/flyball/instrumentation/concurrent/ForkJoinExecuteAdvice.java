package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import java.util.concurrent.ForkJoinTask;
import net.bytebuddy.asm.Advice;

/** Inlined where a pool makes every task one of its own kind that is none yet. */
final class ForkJoinExecuteAdvice {

  private ForkJoinExecuteAdvice() {}

  @Advice.OnMethodEnter
  static void enter(@Advice.Argument(0) Runnable task) {
    if (task instanceof ForkJoinTask) {
      Tasks.execute(task);
    }
  }
}
