package io.flyball.instrumentation.okhttp3;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of the constructor of an enqueued call's task. */
public final class EnqueuedAdvice {

  private EnqueuedAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void exit(@Advice.This Object task) {
    Tasks.handOver(task);
  }
}
