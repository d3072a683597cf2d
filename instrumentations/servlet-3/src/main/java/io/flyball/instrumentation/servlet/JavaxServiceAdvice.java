package io.flyball.instrumentation.servlet;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined around {@code javax.servlet.http.HttpServlet.service}. */
public final class JavaxServiceAdvice {

  private JavaxServiceAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static AutoCloseable begin(
      @Advice.This Object servlet, @Advice.AllArguments Object[] arguments) {
    Outcome outcome = Bridge.enter("servlet-3:service", servlet, arguments);
    return outcome == null ? null : (AutoCloseable) outcome.value();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@Advice.Enter AutoCloseable scope) throws Exception {
    if (scope != null) {
      scope.close();
    }
  }
}
