package io.flyball.instrumentation.reactor;

import io.flyball.bootstrap.Bridge;
import net.bytebuddy.asm.Advice;

/** Inlined at the end of the static initialiser of {@code reactor.core.publisher.Hooks}. */
final class HooksReadyAdvice {

  private HooksReadyAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(@Advice.Origin Class<?> hooks) {
    Bridge.enter("reactor-3:ready", hooks, null);
  }
}
