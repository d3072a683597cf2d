package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * Inlined into the client's own method behind {@code send} and {@code sendAsync}, which differ in
 * the executor they give it: none makes it begin the exchange on this thread and complete the
 * result on the one that has it.
 */
public final class ExchangeAdvice {

  private ExchangeAdvice() {}

  /** Takes the executor away where the agent says so. */
  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(
      @Advice.This Object client,
      @Advice.Argument(0) Object request,
      @Advice.Argument(value = 3, readOnly = false, typing = Assigner.Typing.DYNAMIC)
          Object executor) {
    if (executor != null) {
      Outcome outcome =
          Bridge.enter("java-http-client-11:exchange", client, new Object[] {request});
      if (outcome != null && outcome.arguments() != null) {
        executor = outcome.arguments()[0];
      }
    }
  }
}
