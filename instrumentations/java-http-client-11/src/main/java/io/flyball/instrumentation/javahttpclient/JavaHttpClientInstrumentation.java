package io.flyball.instrumentation.javahttpclient;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * The HTTP client of the JDK, {@code java.net.http}, from Java 11 on.
 *
 * <p>The hooked class is the facade that an application holds, not the implementation behind it:
 * the implementation stops its threads when nobody refers to the facade any more, which must not
 * happen between two attempts of a call. In the implementation only the executor of our own
 * attempts is taken away; where it has no such method, they change threads more often. Checked on
 * JDK 11, 17, 21 and 25.
 */
public final class JavaHttpClientInstrumentation implements ClientInstrumentation {
  static final String NAME = "java-http-client-11";

  private static final String FACADE = "jdk.internal.net.http.HttpClientFacade";
  private static final String IMPLEMENTATION = "jdk.internal.net.http.HttpClientImpl";
  private static final String REQUEST = "java.net.http.HttpRequest";
  private static final String BODY_HANDLER = "java.net.http.HttpResponse$BodyHandler";
  private static final String PUSH_HANDLER = "java.net.http.HttpResponse$PushPromiseHandler";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Hook> hooks() {
    String advice = "io.flyball.instrumentation.javahttpclient.HttpClientAdvice";
    String ending = "io.flyball.instrumentation.javahttpclient.ShutdownAdvice";
    return Arrays.asList(
        new Hook(FACADE, "shutdown", ending).whereItExists(),
        new Hook(FACADE, "shutdownNow", ending).whereItExists(),
        new Hook(FACADE, "close", ending).whereItExists(),
        new Hook(FACADE, "send", advice, REQUEST, BODY_HANDLER),
        new Hook(FACADE, "sendAsync", advice, REQUEST, BODY_HANDLER),
        new Hook(FACADE, "sendAsync", advice, REQUEST, BODY_HANDLER, PUSH_HANDLER),
        new Hook(
                IMPLEMENTATION,
                "sendAsync",
                "io.flyball.instrumentation.javahttpclient.ExchangeAdvice",
                REQUEST,
                BODY_HANDLER,
                PUSH_HANDLER,
                "java.util.concurrent.Executor")
            .whereItExists());
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.singletonList(Witness.method("java.net.http.HttpClient", "sendAsync"));
  }

  @Override
  public String clientOf(String hookedType) {
    return "java.net.http";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.javahttpclient.JavaHttpClientPlugin";
  }
}
