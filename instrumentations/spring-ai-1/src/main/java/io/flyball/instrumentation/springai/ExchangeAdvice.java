package io.flyball.instrumentation.springai;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined at the end of {@code exchange} of Spring's {@code WebClient}. */
public final class ExchangeAdvice {

  private ExchangeAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void made(
      @Advice.This Object function,
      @Advice.Argument(0) Object request,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object response) {
    Outcome outcome =
        Bridge.exit("spring-ai-1-chat-client:exchange", function, new Object[] {request}, response);
    if (outcome != null) {
      response = outcome.value();
    }
  }
}
