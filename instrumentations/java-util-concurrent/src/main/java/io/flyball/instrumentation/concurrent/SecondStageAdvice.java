package io.flyball.instrumentation.concurrent;

import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined where a stage is added whose function is the second argument. */
final class SecondStageAdvice {

  private SecondStageAdvice() {}

  @Advice.OnMethodEnter
  static void enter(
      @Advice.Argument(value = 1, readOnly = false, typing = Assigner.Typing.DYNAMIC) Object task) {
    task = Tasks.carryingStage(task);
  }
}
