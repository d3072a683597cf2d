package io.flyball.instrumentation.apachehttpclient5;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.Credentials;
import org.apache.hc.client5.http.auth.CredentialsProvider;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.routing.HttpRoutePlanner;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Clients for hosts that are not the application's own: with the application's connection manager
 * (pool, TLS, DNS, socket settings) and routes, without its interceptors, cookies and credentials,
 * which would go to that host. They follow no redirects and repeat nothing. Only a proxy on the way
 * still gets the credentials that the application has for it.
 *
 * <p>Whom the application trusts and its client certificate are one in a connection manager, which
 * is therefore used as it is.
 */
final class StrangersClients {
  private final Map<CloseableHttpClient, WeakReference<CloseableHttpClient>> counterparts =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Kept weakly: it leads to what the application has configured. */
  CloseableHttpClient counterpart(CloseableHttpClient client) throws IOException {
    WeakReference<CloseableHttpClient> kept = counterparts.get(client);
    CloseableHttpClient counterpart = kept == null ? null : kept.get();
    if (counterpart == null) {
      counterpart = make(client);
      counterparts.put(client, new WeakReference<>(counterpart));
    }
    return counterpart;
  }

  private static CloseableHttpClient make(CloseableHttpClient client) throws IOException {
    HttpClientConnectionManager connections =
        (HttpClientConnectionManager) field(client, "connManager");
    if (connections == null) {
      throw new IOException("no connections of this client for another host");
    }
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setConnectionManager(connections)
            .setConnectionManagerShared(true)
            .disableCookieManagement()
            .disableAuthCaching()
            .disableRedirectHandling()
            .disableAutomaticRetries()
            .setDefaultCredentialsProvider(
                new ForProxies((CredentialsProvider) field(client, "credentialsProvider")));
    HttpRoutePlanner routes = (HttpRoutePlanner) field(client, "routePlanner");
    if (routes != null) {
      builder.setRoutePlanner(routes);
    }
    if (client instanceof Configurable) {
      builder.setDefaultRequestConfig(config(((Configurable) client).getConfig()));
    }
    return builder.build();
  }

  /** Null where the client has no such field. */
  private static Object field(CloseableHttpClient client, String name) throws IOException {
    try {
      Field field = client.getClass().getDeclaredField(name);
      field.setAccessible(true);
      return field.get(client);
    } catch (NoSuchFieldException none) {
      return null;
    } catch (IllegalAccessException | RuntimeException hidden) {
      throw new IOException("no connections of this client for another host", hidden);
    }
  }

  /** The application's settings, as far as they hold for another host; null for the defaults. */
  static RequestConfig config(RequestConfig config) {
    return config == null ? null : RequestConfig.copy(config).setRedirectsEnabled(false).build();
  }

  /** Answers nobody but the proxy on the way. */
  private static final class ForProxies implements CredentialsProvider {
    private final CredentialsProvider ofTheClient;

    ForProxies(CredentialsProvider ofTheClient) {
      this.ofTheClient = ofTheClient;
    }

    @Override
    public Credentials getCredentials(AuthScope scope, HttpContext context) {
      if (ofTheClient == null || context == null) {
        return null;
      }
      RouteInfo route = HttpClientContext.adapt(context).getHttpRoute();
      HttpHost proxy = route == null ? null : route.getProxyHost();
      boolean asked =
          proxy != null
              && proxy.getHostName().equalsIgnoreCase(scope.getHost())
              && proxy.getPort() == scope.getPort();
      return asked ? ofTheClient.getCredentials(scope, context) : null;
    }
  }
}
