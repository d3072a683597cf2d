package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.List;

/**
 * Apache HttpClient 4, from 4.3, when all clients got one base, to 4.5.14.
 *
 * <p>Every {@code execute} of that base, with a response handler or without, comes to {@code
 * doExecute}, of which the library has three (checked in the sources of 4.3 and 4.5.14): that of
 * the clients of {@code HttpClientBuilder}, the minimal one, and that of the deprecated {@code
 * DefaultHttpClient} and its kin. Outside of it are the response handler and what an application
 * puts around a client; inside are interceptors, cookies, authentication, redirects, decompression,
 * the library's own retries and the connections.
 */
public final class ApacheHttpClientInstrumentation implements ClientInstrumentation {
  private static final String PACKAGE = "org.apache.http.impl.client.";

  @Override
  public String name() {
    return "apache-httpclient-4";
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        execution("InternalHttpClient"),
        execution("MinimalHttpClient"),
        execution("AbstractHttpClient"));
  }

  private static Hook execution(String client) {
    return new Hook(
        PACKAGE + client,
        "doExecute",
        ExecuteAdvice.class.getName(),
        "org.apache.http.HttpHost",
        "org.apache.http.HttpRequest",
        "org.apache.http.protocol.HttpContext");
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(PACKAGE + "CloseableHttpClient", "doExecute"),
        Witness.type("org.apache.http.client.methods.HttpExecutionAware"),
        Witness.type("org.apache.http.client.methods.AbortableHttpRequest"));
  }

  @Override
  public String clientOf(String hookedType) {
    return "Apache HttpClient 4";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.apachehttpclient4.ApacheHttpClientPlugin";
  }
}
