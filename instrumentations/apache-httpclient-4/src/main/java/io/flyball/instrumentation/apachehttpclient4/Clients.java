package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.Completions;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.CredentialsProvider;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.conn.HttpClientConnectionManager;
import org.apache.http.conn.routing.HttpRoutePlanner;
import org.apache.http.impl.client.AbstractHttpClient;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.protocol.HttpContext;

/**
 * The ways to a client's own execution. What an application's subclass puts around it has been done
 * once and is not done again for each attempt, so it is not the public {@code execute} that is
 * called.
 *
 * <p>For another host a client is made that shares the application's connections, with their TLS,
 * DNS and sockets, its route planner and its configuration, and has none of its interceptors,
 * default headers, cookies and credentials but those for proxies. Redirects are not followed. In
 * the application's socket factory trust and identity are one, so a client certificate stays.
 */
@SuppressWarnings("deprecation")
final class Clients {
  private final Method doExecute;
  private final Map<CloseableHttpClient, CloseableHttpClient> foreign =
      Collections.synchronizedMap(new WeakHashMap<>());

  Clients() {
    try {
      doExecute =
          CloseableHttpClient.class.getDeclaredMethod(
              "doExecute", HttpHost.class, HttpRequest.class, HttpContext.class);
      doExecute.setAccessible(true);
    } catch (NoSuchMethodException notThisLibrary) {
      throw (Error) new NoSuchMethodError("doExecute").initCause(notThisLibrary);
    }
  }

  /** Executes as the client itself does, and throws what it throws. */
  CloseableHttpResponse execute(
      CloseableHttpClient client, HttpHost target, HttpRequest request, HttpContext context)
      throws IOException {
    try {
      return (CloseableHttpResponse) doExecute.invoke(client, target, request, context);
    } catch (InvocationTargetException thrown) {
      throw Completions.<IOException>sneakyThrow(thrown.getCause());
    } catch (IllegalAccessException unreachable) {
      throw (Error) new IllegalAccessError("doExecute").initCause(unreachable);
    }
  }

  /** The client for other hosts. */
  CloseableHttpClient foreign(CloseableHttpClient client) throws IOException {
    CloseableHttpClient made = foreign.get(client);
    if (made == null) {
      made =
          client instanceof AbstractHttpClient
              ? ForeignDefaultClient.of((AbstractHttpClient) client)
              : made(client);
      foreign.put(client, made);
    }
    return made;
  }

  private static CloseableHttpClient made(CloseableHttpClient client) throws IOException {
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setConnectionManager((HttpClientConnectionManager) field(client, "connManager", true))
            .disableRedirectHandling()
            .disableCookieManagement()
            .disableAuthCaching()
            .disableAutomaticRetries();
    HttpRoutePlanner planner = (HttpRoutePlanner) field(client, "routePlanner", false);
    if (planner != null) {
      builder.setRoutePlanner(planner);
    }
    RequestConfig config = (RequestConfig) field(client, "defaultConfig", false);
    if (config != null) {
      builder.setDefaultRequestConfig(config);
    }
    CredentialsProvider credentials =
        (CredentialsProvider) field(client, "credentialsProvider", false);
    if (credentials != null) {
      builder.setDefaultCredentialsProvider(new ProxyCredentials(credentials));
    }
    return builder.build();
  }

  /** Null where there is none. */
  private static Object field(CloseableHttpClient client, String name, boolean needed)
      throws IOException {
    for (Class<?> type = client.getClass(); type != null; type = type.getSuperclass()) {
      try {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(client);
      } catch (NoSuchFieldException ofASuperclass) {
        // Looked for there.
      } catch (IllegalAccessException | RuntimeException hidden) {
        throw new IOException("no connections of this client for another host", hidden);
      }
    }
    if (needed) {
      throw new IOException("no connections of this client for another host");
    }
    return null;
  }
}
