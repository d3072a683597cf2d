package io.flyball.instrumentation.okhttp3;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.OpenReply;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp as an application uses it. */
final class OkHttpClientUnderTest implements GovernedClient {
  private final OkHttpClient client;

  OkHttpClientUnderTest(long timeoutMillis) {
    this.client =
        new OkHttpClient.Builder()
            .readTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .sslSocketFactory(
                FakeProvider.trustingClient().getSocketFactory(),
                (X509TrustManager) FakeProvider.trust().getTrustManagers()[0])
            .build();
  }

  private OkHttpClientUnderTest(OkHttpClient client) {
    this.client = client;
  }

  /**
   * With what an SDK or an application may have set to add the same secret to every request: an
   * interceptor on either side, an authenticator and a cookie jar.
   */
  static OkHttpClientUnderTest withSecret(String secret) {
    Interceptor adding =
        chain ->
            chain.proceed(
                chain.request().newBuilder().header("x-network-key", secret + "-network").build());
    CookieJar cookies =
        new CookieJar() {
          @Override
          public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {}

          @Override
          public List<Cookie> loadForRequest(HttpUrl url) {
            return Collections.singletonList(
                new Cookie.Builder().name("session").value(secret).domain(url.host()).build());
          }
        };
    return new OkHttpClientUnderTest(
        new OkHttpClient.Builder()
            .addNetworkInterceptor(adding)
            .cookieJar(cookies)
            .authenticator(
                (route, response) ->
                    response.request().header("x-late") != null
                        ? null
                        : response.request().newBuilder().header("x-late", secret).build())
            .build());
  }

  private static Request request(Outgoing outgoing) {
    Request.Builder builder = new Request.Builder().url(outgoing.url());
    MediaType type = null;
    List<String> headers = outgoing.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      if (headers.get(i).equalsIgnoreCase("Content-Type")) {
        type = MediaType.parse(headers.get(i + 1));
      }
      builder.addHeader(headers.get(i), headers.get(i + 1));
    }
    byte[] body = outgoing.body();
    return builder
        .method(outgoing.method(), body == null ? null : RequestBody.create(type, body))
        .build();
  }

  @Override
  public OpenReply open(Outgoing outgoing) throws IOException {
    return new Open(client.newCall(request(outgoing)).execute());
  }

  @Override
  public CompletableFuture<OpenReply> openAsync(Outgoing outgoing) {
    Call call = client.newCall(request(outgoing));
    CompletableFuture<OpenReply> future = new CompletableFuture<>();
    future.whenComplete(
        (reply, failure) -> {
          if (future.isCancelled()) {
            call.cancel();
          }
        });
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException failure) {
            future.completeExceptionally(failure);
          }

          @Override
          public void onResponse(Call answered, Response response) {
            future.complete(new Open(response));
          }
        });
    return future;
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  private static final class Open implements OpenReply {
    private final Response response;

    Open(Response response) {
      this.response = response;
    }

    @Override
    public int status() {
      return response.code();
    }

    @Override
    public Map<String, List<String>> headers() {
      return new TreeMap<>(response.headers().toMultimap());
    }

    @Override
    public InputStream body() {
      return response.body().byteStream();
    }

    @Override
    public void close() {
      response.close();
    }
  }
}
