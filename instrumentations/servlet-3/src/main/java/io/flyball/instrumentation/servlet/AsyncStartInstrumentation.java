package io.flyball.instrumentation.servlet;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The servlet API's own way to hand work to another thread, in Tomcat, Jetty until 11 and Undertow,
 * whose executors are not the JDK's.
 */
public final class AsyncStartInstrumentation implements ClientInstrumentation {

  @Override
  public String name() {
    return "servlet-async";
  }

  @Override
  public Set<String> follows() {
    return new HashSet<>(Arrays.asList("servlet-3", "servlet-5"));
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        start("org.apache.catalina.core.AsyncContextImpl"),
        start("org.eclipse.jetty.server.AsyncContextState"),
        start("io.undertow.servlet.spec.AsyncContextImpl"));
  }

  private static Hook start(String type) {
    return new Hook(type, "start", AsyncStartAdvice.class.getName(), "java.lang.Runnable");
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.emptyList();
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.servlet.AsyncStartPlugin";
  }
}
