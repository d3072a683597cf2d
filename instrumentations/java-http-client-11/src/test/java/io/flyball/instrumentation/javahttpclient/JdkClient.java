package io.flyball.instrumentation.javahttpclient;

import io.flyball.instrumentation.testing.ContractFixture;
import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.OpenReply;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.PasswordAuthentication;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** {@code java.net.http} as an application uses it that streams. */
final class JdkClient implements GovernedClient {
  private final HttpClient client;
  private final long timeoutMillis;

  JdkClient(long timeoutMillis) {
    this.timeoutMillis = timeoutMillis;
    this.client =
        HttpClient.newBuilder()
            .sslContext(FakeProvider.trustingClient())
            .followRedirects(HttpClient.Redirect.NORMAL)
            .build();
  }

  private JdkClient(HttpClient client) {
    this.timeoutMillis = 0;
    this.client = client;
  }

  /** With an authenticator and a cookie handler that know it. */
  static JdkClient withSecret(String secret) {
    return new JdkClient(
        HttpClient.newBuilder()
            .followRedirects(HttpClient.Redirect.NORMAL)
            .authenticator(
                new Authenticator() {
                  @Override
                  protected PasswordAuthentication getPasswordAuthentication() {
                    return new PasswordAuthentication("me", secret.toCharArray());
                  }
                })
            .cookieHandler(
                new CookieHandler() {
                  @Override
                  public Map<String, List<String>> get(URI uri, Map<String, List<String>> headers) {
                    return Map.of("Cookie", List.of("session=" + secret));
                  }

                  @Override
                  public void put(URI uri, Map<String, List<String>> headers) {}
                })
            .build());
  }

  /** Before Java 16 the client cannot abort a request that waits for its head (JDK-8245462). */
  static Set<ContractFixture.Capability> capabilities() {
    Set<ContractFixture.Capability> all = EnumSet.allOf(ContractFixture.Capability.class);
    if (Runtime.version().feature() < 16) {
      all.remove(ContractFixture.Capability.ABORTABLE);
    }
    return all;
  }

  @Override
  public OpenReply open(Outgoing request) throws IOException, InterruptedException {
    return new Reply(client.send(toClient(request), BodyHandlers.ofInputStream()));
  }

  @Override
  public CompletableFuture<OpenReply> openAsync(Outgoing request) {
    return client.sendAsync(toClient(request), BodyHandlers.ofInputStream()).thenApply(Reply::new);
  }

  private HttpRequest toClient(Outgoing request) {
    HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(request.url()));
    List<String> headers = request.headers();
    for (int i = 0; i < headers.size(); i += 2) {
      builder.header(headers.get(i), headers.get(i + 1));
    }
    byte[] body = request.body();
    builder.method(
        request.method(),
        body == null ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
    if (timeoutMillis > 0) {
      builder.timeout(Duration.ofMillis(timeoutMillis));
    }
    return builder.build();
  }

  /** The client has nothing to close before Java 21. */
  @Override
  public void close() {}

  private static final class Reply implements OpenReply {
    private final HttpResponse<InputStream> response;

    Reply(HttpResponse<InputStream> response) {
      this.response = response;
    }

    @Override
    public int status() {
      return response.statusCode();
    }

    @Override
    public Map<String, List<String>> headers() {
      Map<String, List<String>> headers = new TreeMap<>();
      response
          .headers()
          .map()
          .forEach((name, values) -> headers.put(name.toLowerCase(Locale.ROOT), values));
      return headers;
    }

    @Override
    public InputStream body() {
      return response.body();
    }

    @Override
    public void close() throws IOException {
      response.body().close();
    }
  }
}
