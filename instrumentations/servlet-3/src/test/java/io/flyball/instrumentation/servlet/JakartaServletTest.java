package io.flyball.instrumentation.servlet;

import static io.flyball.instrumentation.servlet.ServedCall.answers;
import static io.flyball.instrumentation.servlet.ServedCall.object;
import static io.flyball.instrumentation.servlet.ServedCall.principal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.Attribution;
import io.flyball.instrumentation.testing.InProcessAgent;
import jakarta.servlet.ServletConfig;
import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletRegistration;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Calls that a servlet of the jakarta API makes, and those made after it. */
class JakartaServletTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new JakartaServletInstrumentation());

  private final Map<String, Object> request =
      answers(
          "getMethod",
          "GET",
          "getHeader x-tenant-id",
          "acme",
          "getServletPath",
          "/support",
          "getPathInfo",
          "/tickets/17",
          "getUserPrincipal",
          principal("eve"));

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private Attribution served(HttpServlet servlet) throws Exception {
    ServletRegistration registration =
        object(
            ServletRegistration.class, answers("getMappings", Arrays.asList("/support/*", "*.do")));
    ServletContext context =
        object(ServletContext.class, answers("getServletRegistration desk", registration));
    servlet.init(
        object(
            ServletConfig.class, answers("getServletContext", context, "getServletName", "desk")));
    servlet.service(
        object(HttpServletRequest.class, request), object(HttpServletResponse.class, answers()));
    return last();
  }

  private static Attribution last() {
    return AGENT.records().get(AGENT.records().size() - 1).attribution();
  }

  @Test
  void aCallIsChargedByTheRequestThatIsServed() throws Exception {
    Attribution found = served(new Desk());

    assertThat(found.tenant()).isEqualTo("acme");
    assertThat(found.route()).isEqualTo("/support/*");
    assertThat(found.userHash()).matches("[0-9a-f]{16}");
  }

  @Test
  void springKnowsTheRouteBetter() throws Exception {
    request.put(
        "getAttribute " + Routes.SPRING_PATTERN.toLowerCase(java.util.Locale.ROOT),
        "/support/tickets/{id}");

    assertThat(served(new Desk()).route()).isEqualTo("/support/tickets/{id}");
  }

  /** Filters that log users in by themselves may tell no more than that. */
  @Test
  void aRemoteUserIsAPrincipal() throws Exception {
    String eve = served(new Desk()).userHash();
    request.put("getUserPrincipal", null);
    assertThat(served(new Desk()).userHash()).isNull();
    request.put("getRemoteUser", "eve");

    assertThat(served(new Desk()).userHash()).isEqualTo(eve);
  }

  @Test
  void nothingIsLeftOnTheThread() throws Exception {
    served(new Desk());
    ServedCall.make(AGENT);

    assertThat(last().tenant()).isNull();
    assertThat(last().route()).isNull();
  }

  @Test
  void nothingIsLeftAfterAnException() throws Exception {
    Throwable thrown =
        catchThrowable(
            () ->
                served(
                    new HttpServlet() {
                      @Override
                      protected void doGet(HttpServletRequest in, HttpServletResponse out)
                          throws IOException {
                        throw new IOException("the servlet's own");
                      }
                    }));
    ServedCall.make(AGENT);

    assertThat(thrown).isExactlyInstanceOf(IOException.class).hasMessage("the servlet's own");
    assertThat(last().tenant()).isNull();
  }

  @Test
  void withoutTheAgentAServletGoesOnAsEver() throws Exception {
    AGENT.disconnectedWhile(() -> served(new Desk()));

    assertThat(last().tenant()).isNull();
  }

  /** Calls a model for every GET. */
  private static final class Desk extends HttpServlet {
    private static final long serialVersionUID = 1;

    @Override
    protected void doGet(HttpServletRequest in, HttpServletResponse out) throws IOException {
      ServedCall.make(AGENT);
    }
  }
}
