package io.flyball.instrumentation.example;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Asks the plugin before the call. */
public final class ExampleAdvice {
  private ExampleAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  public static Outcome enter(@Advice.This Object client, @Advice.AllArguments Object[] arguments) {
    return Bridge.enter("example:call", client, arguments);
  }

  @Advice.OnMethodExit
  public static void exit(
      @Advice.Enter Outcome outcome, @Advice.Return(readOnly = false) String result)
      throws Throwable {
    if (outcome != null) {
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
      result = (String) outcome.value();
    }
  }
}
