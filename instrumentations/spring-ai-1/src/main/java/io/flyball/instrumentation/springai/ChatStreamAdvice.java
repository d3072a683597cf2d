package io.flyball.instrumentation.springai;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined at the end of what every {@code stream()} of a {@code ChatClient} ends in. */
public final class ChatStreamAdvice {

  private ChatStreamAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void made(
      @Advice.This Object spec,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object stream) {
    Outcome outcome = Bridge.exit("spring-ai-1-chat-client:stream", spec, null, stream);
    if (outcome != null) {
      stream = outcome.value();
    }
  }
}
