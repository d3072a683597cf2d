package io.flyball.instrumentation.apachehttpclient5;

import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.protocol.BasicHttpContext;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/** What an application says in its context. */
final class Contexts {
  private static final long BRIEF_MILLIS = 100;

  private Contexts() {}

  /** What holds for a request, as the client finds it; null for the client's built-in defaults. */
  static RequestConfig config(
      ClassicHttpRequest request, HttpContext context, CloseableHttpClient client) {
    RequestConfig config =
        request instanceof Configurable ? ((Configurable) request).getConfig() : null;
    if (config == null && context instanceof HttpClientContext) {
      config = configured((HttpClientContext) context);
    }
    if (config == null && client instanceof Configurable) {
      config = ((Configurable) client).getConfig();
    }
    return config;
  }

  /** The same for a request that waits for a connection hardly at all. */
  static RequestConfig impatient(RequestConfig config) {
    RequestConfig base = config == null ? RequestConfig.DEFAULT : config;
    Timeout wait = base.getConnectionRequestTimeout();
    boolean shorter =
        wait != null
            && wait.getDuration() > 0
            && wait.getTimeUnit().toMillis(wait.getDuration()) < BRIEF_MILLIS;
    return shorter
        ? base
        : RequestConfig.copy(base)
            .setConnectionRequestTimeout(BRIEF_MILLIS, TimeUnit.MILLISECONDS)
            .build();
  }

  /** Until 5.4 a context that has none answers with the built-in defaults. */
  private static RequestConfig configured(HttpClientContext context) {
    RequestConfig config = context.getRequestConfig();
    return config == RequestConfig.DEFAULT ? null : config;
  }

  /**
   * A new context for an attempt that runs beside the application: finds what the application has
   * put into its own, and writes nothing there. From 5.4 on a context has fields of its own for
   * what the client knows, which are not looked for behind it.
   */
  static HttpContext beside(HttpContext context) {
    HttpClientContext beside = new HttpClientContext(new BasicHttpContext(context));
    if (context instanceof HttpClientContext) {
      HttpClientContext own = (HttpClientContext) context;
      beside.setCookieStore(own.getCookieStore());
      beside.setCredentialsProvider(own.getCredentialsProvider());
      beside.setAuthCache(own.getAuthCache());
      beside.setAuthSchemeRegistry(own.getAuthSchemeRegistry());
      beside.setCookieSpecRegistry(own.getCookieSpecRegistry());
      beside.setUserToken(own.getUserToken());
      RequestConfig config = configured(own);
      if (config != null) {
        beside.setRequestConfig(config);
      }
    }
    return beside;
  }
}
