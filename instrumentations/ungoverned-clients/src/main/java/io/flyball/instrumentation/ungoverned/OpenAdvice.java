package io.flyball.instrumentation.ungoverned;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined where a client takes or makes a connection: shows with what. */
public final class OpenAdvice {

  private OpenAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void open(
      @Advice.Origin("ungoverned-clients:#t") String hook,
      @Advice.This Object client,
      @Advice.AllArguments Object[] arguments) {
    Bridge.enter(hook, client, arguments);
  }
}
