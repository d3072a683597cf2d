package io.flyball.instrumentation.langchain4j;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of the constructors of an AI service's stream and of what reads it. */
public final class StreamMadeAdvice {

  private StreamMadeAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void made(@Advice.This Object stream) {
    Bridge.exit("langchain4j-1-ai-services:made", stream, null, null);
  }
}
