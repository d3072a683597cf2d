package io.flyball.instrumentation.javahttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.wire.Cancellation;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

/** However many attempts there are, they have the time of one request together. */
class TimeLimitTest {
  private static final URI ADDRESS = URI.create("http://127.0.0.1:1/v1/chat/completions");

  private final CollectingClient client = new CollectingClient();

  private ClientTransport transport(Duration timeout) {
    HttpRequest.Builder request = HttpRequest.newBuilder(ADDRESS);
    if (timeout != null) {
      request.timeout(timeout);
    }
    HttpRequest application = request.build();
    return new ClientTransport(
        client,
        new StrangersClients(),
        application,
        RequestBody.of(application, 0, false),
        asked(),
        TimeLimit.from(application),
        false,
        Runnable::run,
        null);
  }

  private static WireRequest asked() {
    return new WireRequest("GET", ADDRESS, Headers.EMPTY, new byte[0]);
  }

  @Test
  void everyAttemptGetsWhatIsLeft() {
    Duration whole = Duration.ofMinutes(1);
    Transport transport = transport(whole);
    transport.send(asked(), new Cancellation());
    transport.send(asked(), new Cancellation().child());
    Duration first = client.requests.get(0).timeout().orElseThrow();
    Duration second = client.requests.get(1).timeout().orElseThrow();
    assertThat(first).isLessThan(whole).isGreaterThan(whole.dividedBy(2));
    assertThat(second).isLessThan(first);
    assertThat(transport.nanosLeft()).isLessThan(second.toNanos()).isPositive();
  }

  @Test
  void nothingIsSentWhenTheTimeIsOver() {
    Transport transport = transport(Duration.ofNanos(1));
    await().until(() -> transport.nanosLeft() == 0);
    CompletableFuture<?> answer = transport.send(asked(), new Cancellation()).toCompletableFuture();
    assertThatThrownBy(answer::get).hasCauseExactlyInstanceOf(HttpTimeoutException.class);
    assertThat(client.requests).isEmpty();
  }

  @Test
  void noLimitStaysNone() {
    for (Duration none : new Duration[] {null, Duration.ofSeconds(Long.MAX_VALUE)}) {
      Transport transport = transport(none);
      transport.send(asked(), new Cancellation());
      assertThat(transport.nanosLeft()).isEqualTo(-1);
    }
    assertThat(client.requests).extracting(HttpRequest::timeout).containsOnly(Optional.empty());
  }

  @Test
  void failuresAreInTheClientsWords() {
    assertThat(transport(null).timeoutFailure("late"))
        .isExactlyInstanceOf(HttpTimeoutException.class)
        .hasMessage("late");
  }

  /** Never answers. */
  private static final class CollectingClient extends HttpClient {
    final List<HttpRequest> requests = new ArrayList<>();

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
        HttpRequest request, HttpResponse.BodyHandler<T> handler) {
      requests.add(request);
      return new CompletableFuture<>();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(
        HttpRequest request,
        HttpResponse.BodyHandler<T> handler,
        HttpResponse.PushPromiseHandler<T> pushes) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<CookieHandler> cookieHandler() {
      return Optional.empty();
    }

    @Override
    public Optional<Duration> connectTimeout() {
      return Optional.empty();
    }

    @Override
    public Redirect followRedirects() {
      return Redirect.NEVER;
    }

    @Override
    public Optional<ProxySelector> proxy() {
      return Optional.empty();
    }

    @Override
    public SSLContext sslContext() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SSLParameters sslParameters() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Optional<Authenticator> authenticator() {
      return Optional.empty();
    }

    @Override
    public Version version() {
      return Version.HTTP_1_1;
    }

    @Override
    public Optional<Executor> executor() {
      return Optional.empty();
    }
  }
}
