package io.flyball.instrumentation.httpurlconnection;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import java.net.CookieHandler;
import net.bytebuddy.asm.Advice;

/** Woven into {@code CookieHandler.getDefault}, which a connection asks once, when it is opened. */
final class CookieHandlerAdvice {

  private CookieHandlerAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void asked(
      @Advice.Origin Class<?> type, @Advice.Return(readOnly = false) CookieHandler handler) {
    Outcome outcome = Bridge.exit("http-url-connection:cookies", type, null, handler);
    if (outcome != null) {
      handler = (CookieHandler) outcome.value();
    }
  }
}
