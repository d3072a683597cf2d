package io.flyball.instrumentation.javahttpclient;

import java.net.Authenticator;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Clients for hosts that are not the application's own. What the application's client adds to every
 * request cannot be left out of one, so a client that adds something gets a counterpart without
 * cookies and authenticator, which follows no redirects. Everything else that can be asked of a
 * client is alike.
 *
 * <p>Only behind a proxy the authenticator is still needed; it answers nobody else there. A client
 * with an authenticator fails a 401 with an exception when that knows no answer, and an older one
 * sends no {@code Authorization} that stands in a request, the application's own included.
 *
 * <p>Trust and client certificate are one in an {@code SSLContext}, which is therefore used as it
 * is. The local address (Java 19) and the priority cannot be asked for.
 */
final class StrangersClients {
  private final Map<HttpClient, HttpClient> direct = weakMap();
  private final Map<HttpClient, HttpClient> proxied = weakMap();

  private static Map<HttpClient, HttpClient> weakMap() {
    return Collections.synchronizedMap(new WeakHashMap<>());
  }

  /** The client itself when it adds nothing. */
  HttpClient counterpart(HttpClient client, URI uri) {
    boolean askedForPasswords = client.authenticator().isPresent();
    if (client.cookieHandler().isEmpty()
        && !askedForPasswords
        && client.followRedirects() == HttpClient.Redirect.NEVER) {
      return client;
    }
    // Made under the map's lock: each has a thread of its own.
    return askedForPasswords && isProxied(client, uri)
        ? proxied.computeIfAbsent(
            client, c -> builder(c).authenticator(new ForProxies(c.authenticator().get())).build())
        : direct.computeIfAbsent(client, c -> builder(c).build());
  }

  private static boolean isProxied(HttpClient client, URI uri) {
    ProxySelector selector = client.proxy().orElseGet(ProxySelector::getDefault);
    List<Proxy> proxies = selector == null ? null : selector.select(uri);
    return proxies != null && proxies.stream().anyMatch(p -> p.type() != Proxy.Type.DIRECT);
  }

  private static HttpClient.Builder builder(HttpClient client) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NEVER)
            .version(client.version())
            .sslContext(client.sslContext())
            .sslParameters(client.sslParameters());
    client.connectTimeout().ifPresent(builder::connectTimeout);
    client.proxy().ifPresent(builder::proxy);
    client.executor().ifPresent(builder::executor);
    return builder;
  }

  /** Passes on the questions of proxies; does not know the application's client. */
  private static final class ForProxies extends Authenticator {
    private final Authenticator authenticator;

    ForProxies(Authenticator authenticator) {
      this.authenticator = authenticator;
    }

    @Override
    public PasswordAuthentication requestPasswordAuthenticationInstance(
        String host,
        InetAddress address,
        int port,
        String protocol,
        String prompt,
        String scheme,
        URL url,
        RequestorType type) {
      return type != RequestorType.PROXY
          ? null
          : authenticator.requestPasswordAuthenticationInstance(
              host, address, port, protocol, prompt, scheme, url, type);
    }
  }
}
