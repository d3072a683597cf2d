package io.flyball.instrumentation.servlet;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.InboundScope;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;

/** Tells the engine which request of the {@code jakarta.servlet} API a thread serves. */
public final class JakartaServletPlugin implements Plugin {
  private final Gateway gateway;

  public JakartaServletPlugin(Gateway gateway) {
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
            new JakartaRequest((HttpServlet) self, (HttpServletRequest) arguments[0]));
    return scope == null ? null : Outcome.value(scope);
  }
}
