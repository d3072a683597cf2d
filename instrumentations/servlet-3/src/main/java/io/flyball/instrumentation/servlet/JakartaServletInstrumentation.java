package io.flyball.instrumentation.servlet;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Servlets of the {@code jakarta.servlet} API, 5 and later. No client: only there to know for whom
 * the calls are made that an application makes while it serves a request.
 */
public final class JakartaServletInstrumentation implements ClientInstrumentation {
  private static final String SERVLET = "jakarta.servlet.http.HttpServlet";

  @Override
  public String name() {
    return "servlet-5";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(
            SERVLET,
            "service",
            JakartaServiceAdvice.class.getName(),
            "jakarta.servlet.ServletRequest",
            "jakarta.servlet.ServletResponse"));
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method("jakarta.servlet.ServletRequest", "isAsyncStarted"),
        Witness.method("jakarta.servlet.ServletContext", "getServletRegistration"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.servlet.JakartaServletPlugin";
  }
}
