package io.flyball.instrumentation.servlet;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined into {@code AsyncContext.start} of a container, which wraps the task anyway. */
final class AsyncStartAdvice {

  private AsyncStartAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  static void enter(
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object task) {
    task = Tasks.carrying(task);
  }
}
