package io.flyball.instrumentation.ungoverned;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined into {@code DefaultChannelPipeline.connect}: shows where to. */
public final class NettyConnectAdvice {

  private NettyConnectAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static void connect(
      @Advice.Origin("netty-4:#t") String hook,
      @Advice.This Object pipeline,
      @Advice.AllArguments Object[] arguments) {
    Bridge.enter(hook, pipeline, arguments);
  }
}
