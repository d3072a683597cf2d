package io.flyball.instrumentation.okhttp3;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined at the start of {@code RealCall.enqueue()}. */
public final class EnqueueAdvice {

  private EnqueueAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void enter(@Advice.This Object call) {
    Bridge.enter("okhttp-3:enqueue", call, null);
  }
}
