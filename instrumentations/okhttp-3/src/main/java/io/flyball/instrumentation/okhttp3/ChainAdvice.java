package io.flyball.instrumentation.okhttp3;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined at the start of the method of {@code RealCall} that builds a call's chain. */
public final class ChainAdvice {

  private ChainAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(@Advice.This Object call) {
    Bridge.enter("okhttp-3:chain", call, null);
  }
}
