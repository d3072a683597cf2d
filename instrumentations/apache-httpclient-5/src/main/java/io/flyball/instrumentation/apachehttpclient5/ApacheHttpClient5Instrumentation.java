package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.List;

/**
 * The classic (blocking) form of Apache HttpClient 5.
 *
 * <p>Every {@code execute} of a client, with a response handler or without one, comes to {@code
 * doExecute} of the class that the client is of, once per call: redirects, authentication, cookies,
 * decompression, a cache and the client's own repetitions are below it, the handler is above it.
 * (Read in the sources of 5.0, 5.3.1, 5.4 and 5.6.4.) What the client's own request interceptors
 * add is not on the request yet.
 */
public final class ApacheHttpClient5Instrumentation implements ClientInstrumentation {
  static final String NAME = "apache-httpclient-5";

  private static final String CLASSIC = "org.apache.hc.client5.http.impl.classic.";
  private static final String CORE = "org.apache.hc.core5.http.";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(doExecute("InternalHttpClient"), doExecute("MinimalHttpClient"));
  }

  private static Hook doExecute(String client) {
    return new Hook(
        CLASSIC + client,
        "doExecute",
        "io.flyball.instrumentation.apachehttpclient5.ExecuteAdvice",
        CORE + "HttpHost",
        CORE + "ClassicHttpRequest",
        CORE + "protocol.HttpContext");
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(CLASSIC + "CloseableHttpResponse", "adapt"),
        Witness.type("org.apache.hc.client5.http.classic.methods.HttpUriRequestBase"),
        Witness.type("org.apache.hc.core5.http.HttpEntity"));
  }

  @Override
  public String clientOf(String hookedType) {
    return "Apache HttpClient 5";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.apachehttpclient5.ApacheHttpClient5Plugin";
  }
}
