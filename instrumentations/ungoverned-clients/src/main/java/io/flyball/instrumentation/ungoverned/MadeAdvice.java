package io.flyball.instrumentation.ungoverned;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of the constructor of a client's connection: shows what it was made with. */
public final class MadeAdvice {

  private MadeAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  public static void made(
      @Advice.Origin("ungoverned-clients:#t") String hook,
      @Advice.This Object client,
      @Advice.AllArguments Object[] arguments) {
    Bridge.enter(hook, client, arguments);
  }
}
