package io.flyball.instrumentation.logging;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Tasks;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/**
 * Inlined at the end of what sets values of a logging context. Once executors carry such values
 * along there is nothing more to know.
 */
final class PutAdvice {

  private PutAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.Origin Class<?> context,
      @Advice.Argument(value = 0, typing = Assigner.Typing.DYNAMIC) Object what) {
    if (!Tasks.carryLoggedValues()) {
      Bridge.enter("logging-context:put", context, new Object[] {what});
    }
  }
}
