package io.flyball.instrumentation.servlet;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Servlets of the {@code javax.servlet} API, 3 and later. No client: only there to know for whom
 * the calls are made that an application makes while it serves a request.
 */
public final class JavaxServletInstrumentation implements ClientInstrumentation {
  private static final String SERVLET = "javax.servlet.http.HttpServlet";

  @Override
  public String name() {
    return "servlet-3";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(
            SERVLET,
            "service",
            JavaxServiceAdvice.class.getName(),
            "javax.servlet.ServletRequest",
            "javax.servlet.ServletResponse"));
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method("javax.servlet.ServletRequest", "isAsyncStarted"),
        Witness.method("javax.servlet.ServletContext", "getServletRegistration"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.servlet.JavaxServletPlugin";
  }
}
