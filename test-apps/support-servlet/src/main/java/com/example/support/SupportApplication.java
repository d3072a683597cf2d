package com.example.support;

import java.io.File;
import java.nio.file.Files;
import org.apache.catalina.Context;
import org.apache.catalina.startup.Tomcat;

/**
 * Customer support for several companies: servlets in an embedded Tomcat 9 (javax.servlet), Java 8,
 * HttpURLConnection. Knows nothing of Flyball. Reads {@code LLM_BASE_URL} and {@code LLM_API_KEY};
 * prints its port and ends when its input does.
 */
public final class SupportApplication {

  private SupportApplication() {}

  public static void main(String[] arguments) throws Exception {
    Models models = new Models(System.getenv("LLM_BASE_URL"), System.getenv("LLM_API_KEY"));
    File base = Files.createTempDirectory("support").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(base.getPath());
    tomcat.setPort(0);
    Context context = tomcat.addContext("/desk", base.getPath());
    Tomcat.addServlet(context, "tickets", new TicketServlet(models));
    context.addServletMappingDecoded("/tickets/*", "tickets");
    Tomcat.addServlet(context, "summaries", new SummaryServlet(models));
    context.addServletMappingDecoded("/summary", "summaries");
    tomcat.getConnector();
    tomcat.start();
    System.out.println("listening on " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }
}
