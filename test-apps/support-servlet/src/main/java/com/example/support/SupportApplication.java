package com.example.support;

import java.io.File;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import org.apache.catalina.Context;
import org.apache.catalina.authenticator.BasicAuthenticator;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.descriptor.web.LoginConfig;
import reactor.core.publisher.Mono;

/**
 * Customer support for several companies: servlets in an embedded Tomcat 9 (javax.servlet), Java 8,
 * HttpURLConnection. Clerks may log in: their name is their password. Knows nothing of Flyball.
 * Reads {@code LLM_BASE_URL} and {@code LLM_API_KEY}; prints its port and ends when its input does.
 * With {@code housekeeping} for an argument it also asks on its own behalf all the time, on the
 * threads that work for the companies, and with {@code warm} it has used Reactor before there is a
 * servlet.
 */
public final class SupportApplication {
  private static final int CLERKS = 5;

  private SupportApplication() {}

  public static void main(String[] arguments) throws Exception {
    Models models = new Models(System.getenv("LLM_BASE_URL"), System.getenv("LLM_API_KEY"));
    if (Arrays.asList(arguments).contains("warm")) {
      Mono.delay(Duration.ofMillis(1)).block();
    }
    File base = Files.createTempDirectory("support").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.getPath());
    tomcat.setPort(0);
    Context context = tomcat.addContext("/desk", base.getPath());
    Tomcat.addServlet(context, "tickets", new TicketServlet(models));
    context.addServletMappingDecoded("/tickets/*", "tickets");
    Tomcat.addServlet(context, "summaries", new SummaryServlet(models));
    context.addServletMappingDecoded("/summary", "summaries");
    Workshop workshop = new Workshop(models);
    Tomcat.addServlet(context, "elsewhere", new ElsewhereServlet(models, workshop))
        .setAsyncSupported(true);
    context.addServletMappingDecoded("/elsewhere/*", "elsewhere");
    logIn(tomcat, context);
    tomcat.getConnector();
    tomcat.start();
    System.out.println("listening on " + tomcat.getConnector().getLocalPort());
    if (Arrays.asList(arguments).contains("housekeeping")) {
      workshop.keepHouse(() -> models.ask("nobody", "Is anything left to do?"));
    }
    tomcat.getServer().await();
  }

  /** Nobody has to, but whoever says who it is must be that. */
  private static void logIn(Tomcat tomcat, Context context) {
    context.setLoginConfig(new LoginConfig("BASIC", "desk", null, null));
    context.setPreemptiveAuthentication(true);
    context.getPipeline().addValve(new BasicAuthenticator());
    for (int i = 0; i < CLERKS; i++) {
      tomcat.addUser("clerk" + i, "clerk" + i);
    }
  }
}
