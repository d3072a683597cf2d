package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined where a task, the fourth argument, is going to be kept. */
final class CarryFourthAdvice {

  private CarryFourthAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Argument(value = 3, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object task) {
    task = Tasks.carrying(task);
  }
}
