package io.flyball.instrumentation.servlet;

import io.flyball.wire.InboundRequest;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;

/** A request of the {@code jakarta.servlet} API. */
final class JakartaRequest implements InboundRequest {
  private final HttpServlet servlet;
  private final HttpServletRequest request;

  JakartaRequest(HttpServlet servlet, HttpServletRequest request) {
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
