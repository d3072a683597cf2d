package io.flyball.instrumentation.httpurlconnection;

import io.flyball.bootstrap.Bridge;
import io.flyball.bootstrap.Outcome;
import java.net.Proxy;
import java.net.URL;
import java.net.URLConnection;
import net.bytebuddy.asm.Advice;

/** Woven into the http and https handlers: may replace the connection that was opened. */
final class OpenConnectionAdvice {

  private OpenConnectionAdvice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void opened(
      @Advice.This Object handler,
      @Advice.Argument(0) URL url,
      @Advice.Argument(1) Proxy proxy,
      @Advice.Return(readOnly = false) URLConnection connection) {
    Outcome outcome =
        Bridge.exit("http-url-connection:opened", handler, new Object[] {url, proxy}, connection);
    if (outcome != null && outcome.value() != null) {
      connection = (URLConnection) outcome.value();
    }
  }
}
