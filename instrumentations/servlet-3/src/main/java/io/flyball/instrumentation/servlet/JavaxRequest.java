package io.flyball.instrumentation.servlet;

import io.flyball.wire.InboundRequest;
import java.security.Principal;
import javax.servlet.ServletRegistration;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;

/** A request of the {@code javax.servlet} API. */
final class JavaxRequest implements InboundRequest {
  private final HttpServlet servlet;
  private final HttpServletRequest request;

  JavaxRequest(HttpServlet servlet, HttpServletRequest request) {
    this.servlet = servlet;
    this.request = request;
  }

  @Override
  public String header(String name) {
    return request.getHeader(name);
  }

  @Override
  public String route() {
    Object pattern = request.getAttribute(Routes.SPRING_PATTERN);
    if (pattern != null) {
      return pattern.toString();
    }
    ServletRegistration registration =
        servlet.getServletContext().getServletRegistration(servlet.getServletName());
    return registration == null
        ? null
        : Routes.mapping(
            registration.getMappings(), request.getServletPath(), request.getPathInfo());
  }

  @Override
  public String principal() {
    Principal user = request.getUserPrincipal();
    return user == null ? request.getRemoteUser() : user.getName();
  }

  @Override
  public long asyncTimeoutMillis() {
    return request.isAsyncStarted() ? request.getAsyncContext().getTimeout() : 0;
  }
}
