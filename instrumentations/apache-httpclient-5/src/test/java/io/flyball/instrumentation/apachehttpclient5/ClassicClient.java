package io.flyball.instrumentation.apachehttpclient5;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.OpenReply;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.auth.UsernamePasswordCredentials;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.cookie.BasicCookieStore;
import org.apache.hc.client5.http.cookie.Cookie;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.cookie.BasicClientCookie;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.SSLConnectionSocketFactory;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.util.VersionInfo;

/** The classic form as an application uses it. */
final class ClassicClient implements GovernedClient {
  private final CloseableHttpClient client;

  ClassicClient(CloseableHttpClient client) {
    this.client = client;
  }

  ClassicClient(long timeoutMillis) {
    this(builder(timeoutMillis).build());
  }

  /** Trusts the provider; never waits for a connection of its pool. */
  static HttpClientBuilder builder(long timeoutMillis) {
    return builder(timeoutMillis, connections());
  }

  static PoolingHttpClientConnectionManagerBuilder connections() {
    return PoolingHttpClientConnectionManagerBuilder.create()
        .setSSLSocketFactory(new SSLConnectionSocketFactory(FakeProvider.trustingClient()));
  }

  static HttpClientBuilder builder(
      long timeoutMillis, PoolingHttpClientConnectionManagerBuilder connections) {
    return HttpClients.custom()
        .disableAutomaticRetries()
        .setConnectionManager(connections.build())
        .setDefaultRequestConfig(
            RequestConfig.custom()
                .setResponseTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
                .build());
  }

  static ClassicClient withSecret(String secret) {
    BasicCookieStore cookies = new BasicCookieStore();
    for (String host : new String[] {"127.0.0.1", "localhost"}) {
      BasicClientCookie cookie = new BasicClientCookie("session", secret);
      cookie.setDomain(host);
      cookie.setAttribute(Cookie.DOMAIN_ATTR, host);
      cookie.setPath("/");
      cookies.addCookie(cookie);
    }
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    credentials.setCredentials(
        new AuthScope(null, -1), new UsernamePasswordCredentials("app", secret.toCharArray()));
    HttpClientBuilder builder =
        builder(0)
            .disableAuthCaching()
            .addRequestInterceptorFirst(
                (request, entity, context) -> request.setHeader("x-first", secret + "-first"))
            .addRequestInterceptorLast(
                (request, entity, context) -> request.setHeader("x-last", secret + "-last"))
            .setDefaultCookieStore(cookies);
    return new ClassicClient(
        answersPasswords()
            ? builder.setDefaultCredentialsProvider(credentials).build()
            : builder.build());
  }

  /**
   * A 401 that is answered by a password beside an Authorization of the application's fails with a
   * NullPointerException in 5.0, and in 5.5 unless authentication is not cached; with Flyball or
   * without.
   */
  private static boolean answersPasswords() {
    ClassLoader loader = ClassicClient.class.getClassLoader();
    VersionInfo version = VersionInfo.loadVersionInfo("org.apache.hc.client5", loader);
    return version != null && !version.getRelease().startsWith("5.0");
  }

  static HttpUriRequestBase request(Outgoing outgoing) {
    HttpUriRequestBase request =
        new HttpUriRequestBase(outgoing.method(), URI.create(outgoing.url()));
    List<String> headers = outgoing.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      request.addHeader(headers.get(i), headers.get(i + 1));
    }
    if (outgoing.body() != null) {
      request.setEntity(new ByteArrayEntity(outgoing.body(), ContentType.APPLICATION_JSON));
    }
    return request;
  }

  CloseableHttpResponse execute(HttpUriRequestBase request) throws IOException {
    return client.execute(request);
  }

  @Override
  public OpenReply open(Outgoing outgoing) throws IOException {
    HttpUriRequestBase request = request(outgoing);
    return new Open(request, client.execute(request));
  }

  @Override
  public CompletableFuture<OpenReply> openAsync(Outgoing outgoing) {
    throw new UnsupportedOperationException("the classic form blocks");
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  private static final class Open implements OpenReply {
    private final HttpUriRequestBase request;
    private final CloseableHttpResponse response;

    Open(HttpUriRequestBase request, CloseableHttpResponse response) {
      this.request = request;
      this.response = response;
    }

    @Override
    public int status() {
      return response.getCode();
    }

    @Override
    public Map<String, List<String>> headers() {
      Map<String, List<String>> headers = new TreeMap<>();
      for (Header header : response.getHeaders()) {
        headers
            .computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), n -> new ArrayList<>())
            .add(header.getValue());
      }
      return headers;
    }

    @Override
    public InputStream body() throws IOException {
      return response.getEntity() == null
          ? new ByteArrayInputStream(new byte[0])
          : response.getEntity().getContent();
    }

    /** Without cancelling, the client would read to the end of the body first. */
    @Override
    public void close() throws IOException {
      request.cancel();
      response.close();
    }
  }
}
