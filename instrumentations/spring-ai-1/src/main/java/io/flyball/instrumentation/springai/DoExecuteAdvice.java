package io.flyball.instrumentation.springai;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined into {@code RetryTemplate.doExecute}: it gets another callback. */
public final class DoExecuteAdvice {

  private DoExecuteAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(
      @Advice.This Object template,
      @Advice.Argument(value = 0, readOnly = false, typing = Assigner.Typing.DYNAMIC)
          Object callback) {
    Outcome outcome = Bridge.enter("spring-ai-1:doExecute", template, new Object[] {callback});
    if (outcome != null && outcome.arguments() != null) {
      callback = outcome.arguments()[0];
    }
  }
}
