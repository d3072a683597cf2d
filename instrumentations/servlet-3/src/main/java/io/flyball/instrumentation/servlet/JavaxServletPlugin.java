package io.flyball.instrumentation.servlet;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.InboundScope;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;

/** Tells the engine which request of the {@code javax.servlet} API a thread serves. */
public final class JavaxServletPlugin implements Plugin {
  private final Gateway gateway;

  public JavaxServletPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Gives the advice the scope that it closes. */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (!(arguments[0] instanceof HttpServletRequest)) {
      return null;
    }
    InboundScope scope =
        gateway.beginInbound(
            new JavaxRequest((HttpServlet) self, (HttpServletRequest) arguments[0]));
    return scope == null ? null : Outcome.value(scope);
  }
}
