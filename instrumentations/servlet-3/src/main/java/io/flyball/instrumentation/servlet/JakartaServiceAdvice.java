package io.flyball.instrumentation.servlet;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import net.bytebuddy.asm.Advice;

/** Inlined around {@code jakarta.servlet.http.HttpServlet.service}. */
public final class JakartaServiceAdvice {

  private JakartaServiceAdvice() {}

  @Advice.OnMethodEnter(suppress = Throwable.class)
  public static AutoCloseable begin(
      @Advice.This Object servlet, @Advice.AllArguments Object[] arguments) {
    Outcome outcome = Bridge.enter("servlet-5:service", servlet, arguments);
    return outcome == null ? null : (AutoCloseable) outcome.value();
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@Advice.Enter AutoCloseable scope) throws Exception {
    if (scope != null) {
      scope.close();
    }
  }
}
