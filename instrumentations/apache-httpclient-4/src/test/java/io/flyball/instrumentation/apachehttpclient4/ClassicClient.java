package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.OpenReply;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.http.Header;
import org.apache.http.client.CookieStore;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpEntityEnclosingRequestBase;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.config.ConnectionConfig;
import org.apache.http.config.MessageConstraints;
import org.apache.http.conn.scheme.Scheme;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.BasicCookieStore;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.LaxRedirectStrategy;
import org.apache.http.impl.conn.PoolingClientConnectionManager;
import org.apache.http.impl.cookie.BasicClientCookie;
import org.apache.http.message.BasicHeader;
import org.apache.http.params.HttpConnectionParams;

/** Apache HttpClient as an application uses it. */
@SuppressWarnings("deprecation")
final class ClassicClient implements GovernedClient {
  private static final int LONGEST_LINE = 1 << 16;

  private final CloseableHttpClient client;

  ClassicClient(CloseableHttpClient client) {
    this.client = client;
  }

  static ClassicClient built(long timeoutMillis) {
    return new ClassicClient(
        HttpClientBuilder.create()
            .setSslcontext(FakeProvider.trustingClient())
            .setDefaultRequestConfig(
                RequestConfig.custom().setSocketTimeout((int) timeoutMillis).build())
            .build());
  }

  /** The client of the library's versions before 4.3, which is still there. */
  static ClassicClient old(long timeoutMillis) {
    DefaultHttpClient client = new DefaultHttpClient(new PoolingClientConnectionManager());
    client
        .getConnectionManager()
        .getSchemeRegistry()
        .register(
            new Scheme(
                "https",
                443,
                new org.apache.http.conn.ssl.SSLSocketFactory(FakeProvider.trustingClient())));
    HttpConnectionParams.setSoTimeout(client.getParams(), (int) timeoutMillis);
    return new ClassicClient(client);
  }

  /**
   * With a limit to what it takes of an answer's head; without, a long one is as good as any. For
   * what is repeated.
   */
  static ClassicClient limited(long timeoutMillis) {
    return new ClassicClient(
        HttpClientBuilder.create()
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setMessageConstraints(
                        MessageConstraints.custom().setMaxLineLength(LONGEST_LINE).build())
                    .build())
            .setDefaultRequestConfig(
                RequestConfig.custom().setSocketTimeout((int) timeoutMillis).build())
            .build());
  }

  /** The same of the old one. */
  static ClassicClient oldLimited(long timeoutMillis) {
    ClassicClient limited = old(timeoutMillis);
    ((DefaultHttpClient) limited.client)
        .getParams()
        .setIntParameter("http.connection.max-line-length", LONGEST_LINE);
    return limited;
  }

  /** But for passwords: with them the library fails where a program sets Authorization itself. */
  static ClassicClient builtWithSecret(String secret) {
    return new ClassicClient(
        HttpClientBuilder.create()
            .setDefaultCookieStore(cookies(secret))
            .setDefaultHeaders(
                Collections.singletonList(new BasicHeader("x-default-key", secret + "-default")))
            .addInterceptorLast(
                (org.apache.http.HttpRequestInterceptor)
                    (request, context) -> request.addHeader("x-late-key", secret + "-late"))
            .setRedirectStrategy(new LaxRedirectStrategy())
            .build());
  }

  static ClassicClient oldWithSecret(String secret) {
    DefaultHttpClient client = new DefaultHttpClient(new PoolingClientConnectionManager());
    client.setCookieStore(cookies(secret));
    client
        .getParams()
        .setParameter(
            "http.default-headers",
            Collections.singletonList(new BasicHeader("x-default-key", secret + "-default")));
    client.addRequestInterceptor(
        (request, context) -> request.addHeader("x-late-key", secret + "-late"));
    client.setRedirectStrategy(new LaxRedirectStrategy());
    return new ClassicClient(client);
  }

  private static CookieStore cookies(String secret) {
    BasicClientCookie cookie = new BasicClientCookie("session", secret);
    cookie.setDomain("127.0.0.1");
    cookie.setPath("/");
    CookieStore cookies = new BasicCookieStore();
    cookies.addCookie(cookie);
    return cookies;
  }

  private static HttpRequestBase request(Outgoing outgoing) {
    HttpRequestBase request =
        outgoing.method().equals("GET")
            ? new HttpGet(outgoing.url())
            : new HttpPost(outgoing.url());
    List<String> headers = outgoing.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      request.addHeader(headers.get(i), headers.get(i + 1));
    }
    if (outgoing.body() != null) {
      ((HttpEntityEnclosingRequestBase) request).setEntity(new ByteArrayEntity(outgoing.body()));
    }
    return request;
  }

  @Override
  public OpenReply open(Outgoing outgoing) throws IOException {
    return new Open(client.execute(request(outgoing)));
  }

  @Override
  public CompletableFuture<OpenReply> openAsync(Outgoing outgoing) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() throws IOException {
    client.close();
  }

  private static final class Open implements OpenReply {
    private final CloseableHttpResponse response;
    private InputStream body;

    Open(CloseableHttpResponse response) {
      this.response = response;
    }

    @Override
    public int status() {
      return response.getStatusLine().getStatusCode();
    }

    @Override
    public Map<String, List<String>> headers() {
      Map<String, List<String>> headers = new TreeMap<>();
      for (Header header : response.getAllHeaders()) {
        headers
            .computeIfAbsent(header.getName().toLowerCase(Locale.ROOT), name -> new ArrayList<>())
            .add(header.getValue());
      }
      return headers;
    }

    @Override
    public InputStream body() throws IOException {
      if (body == null) {
        body =
            response.getEntity() == null
                ? new ByteArrayInputStream(new byte[0])
                : response.getEntity().getContent();
      }
      return body;
    }

    @Override
    public void close() throws IOException {
      response.close();
    }
  }
}
