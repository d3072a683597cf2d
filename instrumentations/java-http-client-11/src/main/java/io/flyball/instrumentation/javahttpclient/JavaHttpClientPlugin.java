package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Outcome;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.HeldBytes;
import io.flyball.engine.wire.WireRequest;
import io.flyball.instrumentation.api.Plugin;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.CompletableFuture;

/** Takes over {@code send} and {@code sendAsync} for requests that may be model calls. */
public final class JavaHttpClientPlugin implements Plugin {
  private static final Outcome NO_EXECUTOR = Outcome.arguments((Object) null);

  private final Gateway gateway;
  private final StrangersClients strangers = new StrangersClients();

  public JavaHttpClientPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param hook ends with the hooked method's name, or {@code :exchange} for the client's own
   *     behind them
   * @param arguments request, body handler, and for one of the methods a push handler
   */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    HttpRequest request = (HttpRequest) arguments[0];
    if (hook.endsWith(":exchange")) {
      return request instanceof AttemptRequest && ((AttemptRequest) request).isWaitedFor()
          ? NO_EXECUTOR
          : null;
    }
    BodyHandler<?> handler = (BodyHandler<?>) arguments[1];
    if (request == null || handler == null || request instanceof AttemptRequest) {
      return null;
    }
    URI uri = request.uri();
    if (uri == null || uri.getHost() == null || request.method() == null) {
      return null;
    }
    if (!gateway.mayGovern(request.method(), uri.getHost(), port(uri), uri.getRawPath())) {
      return pass(hook, (HttpClient) self, request, arguments);
    }
    boolean mustRead = gateway.mustRead();
    RequestBody body = RequestBody.of(request, gateway.maxRequestBytes(), mustRead);
    boolean tooLong = body.declaredTooLong();
    if (tooLong || !body.makeRoom()) {
      if (mustRead && gateway.refusesUnseen(Exchange.notHeld(request))) {
        return refused(hook);
      }
      if (!tooLong) {
        HeldBytes.ofThisJvm().letPass();
      }
      return pass(hook, (HttpClient) self, request, arguments);
    }
    Exchange<?> exchange = exchange((HttpClient) self, request, body, arguments);
    return hook.endsWith(":send") ? exchange.send() : exchange.sendAsync();
  }

  @SuppressWarnings("unchecked")
  private Exchange<Object> exchange(
      HttpClient client, HttpRequest request, RequestBody body, Object[] arguments) {
    Pushes<Object> pushes =
        arguments.length > 2 && arguments[2] != null
            ? new Pushes<>(request, (PushPromiseHandler<Object>) arguments[2])
            : null;
    return new Exchange<>(
        gateway, strangers, client, request, body, (BodyHandler<Object>) arguments[1], pushes);
  }

  private static Outcome refused(String hook) {
    IOException refused = new IOException(WireRequest.REFUSED_UNSEEN);
    return hook.endsWith(":send")
        ? Outcome.failure(refused)
        : Outcome.value(CompletableFuture.failedFuture(refused));
  }

  /** A request that is not governed goes its way; null: as it is. */
  @SuppressWarnings("unchecked")
  private Outcome pass(String hook, HttpClient client, HttpRequest request, Object[] arguments) {
    if (!WireHeaders.saySomethingToFlyball(request.headers())
        || !takesOwnHeadersOff(gateway, request)) {
      return null;
    }
    AttemptRequest bare = AttemptRequest.withoutFlyballs(request);
    BodyHandler<Object> handler = (BodyHandler<Object>) arguments[1];
    try {
      if (hook.endsWith(":send")) {
        return Outcome.value(client.send(bare, handler));
      }
      return Outcome.value(
          arguments.length > 2
              ? client.sendAsync(bare, handler, (PushPromiseHandler<Object>) arguments[2])
              : client.sendAsync(bare, handler));
    } catch (Throwable failure) {
      // What left the hook would have the method send again.
      return Outcome.failure(failure);
    }
  }

  static boolean takesOwnHeadersOff(Gateway gateway, HttpRequest request) {
    URI uri = request.uri();
    return gateway.takesOwnHeadersOff(request.method(), uri.getHost(), port(uri), uri.getRawPath());
  }

  private static int port(URI uri) {
    return uri.getPort() >= 0 ? uri.getPort() : "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }
}
