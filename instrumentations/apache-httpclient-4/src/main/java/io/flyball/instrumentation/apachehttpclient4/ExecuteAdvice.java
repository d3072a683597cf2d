package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;

/** Inlined into {@code doExecute}: may answer in its place. */
public final class ExecuteAdvice {

  private ExecuteAdvice() {}

  /** Null goes on with the method. */
  @Advice.OnMethodEnter(suppress = Throwable.class, skipOn = Advice.OnNonDefaultValue.class)
  public static Outcome enter(@Advice.This Object client, @Advice.AllArguments Object[] arguments) {
    return Bridge.enter("apache-httpclient-4:execute", client, arguments);
  }

  /** Replaces the result when the method was skipped. */
  @Advice.OnMethodExit
  public static void exit(
      @Advice.Enter Outcome outcome,
      @Advice.Return(readOnly = false, typing = Assigner.Typing.DYNAMIC) Object result)
      throws Throwable {
    if (outcome != null) {
      if (outcome.failure() != null) {
        throw outcome.failure();
      }
      result = outcome.value();
    }
  }
}
