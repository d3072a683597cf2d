package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined into what ends a client; when the agent has an answer, the method has done its work. */
public final class ShutdownAdvice {

  private ShutdownAdvice() {}

  /** Null goes on with the method. */
  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  public static Outcome enter(
      @Advice.Origin("java-http-client-11:#m") String hook, @Advice.This Object client) {
    return Bridge.enter(hook, client, null);
  }
}
