package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.HeldBytes;
import io.flyball.wire.WireRequest;
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
  private static final Outcome DONE_LATER = Outcome.value(null);

  private final Gateway gateway;
  private final StrangersClients strangers = new StrangersClients();
  private final Shutdowns shutdowns = new Shutdowns();

  public JavaHttpClientPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param hook ends with the hooked method's name, or {@code :exchange} for the client's own
   *     behind them
   * @param arguments request, body handler, and for one of the methods a push handler; null for
   *     those that end a client
   */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (arguments == null) {
      return ending(hook, (HttpClient) self);
    }
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
        return failed(hook, new IOException(WireRequest.REFUSED_UNSEEN));
      }
      if (!tooLong) {
        HeldBytes.ofThisJvm().letPass();
      }
      return pass(hook, (HttpClient) self, request, arguments);
    }
    Shutdowns.Begun begun = shutdowns.begin((HttpClient) self);
    if (begun == null) {
      body.release();
      return failed(hook, Shutdowns.closed());
    }
    Exchange<?> exchange = exchange((HttpClient) self, request, body, begun, arguments);
    Outcome outcome = null;
    try {
      outcome = hook.endsWith(":send") ? exchange.send() : exchange.sendAsync();
    } finally {
      if (outcome == null || outcome.failure() != null) {
        begun.end();
      }
    }
    return outcome;
  }

  private Outcome ending(String hook, HttpClient client) {
    if (hook.endsWith(":shutdown")) {
      return shutdowns.shutdown(client) ? DONE_LATER : null;
    }
    if (hook.endsWith(":close")) {
      shutdowns.close(client);
    } else {
      shutdowns.shutdownNow(client);
    }
    return null;
  }

  @SuppressWarnings("unchecked")
  private Exchange<Object> exchange(
      HttpClient client,
      HttpRequest request,
      RequestBody body,
      Shutdowns.Begun begun,
      Object[] arguments) {
    Pushes<Object> pushes =
        arguments.length > 2 && arguments[2] != null
            ? new Pushes<>(request, (PushPromiseHandler<Object>) arguments[2])
            : null;
    return new Exchange<>(
        gateway,
        strangers,
        client,
        request,
        body,
        begun,
        (BodyHandler<Object>) arguments[1],
        pushes);
  }

  private static Outcome failed(String hook, IOException why) {
    return hook.endsWith(":send")
        ? Outcome.failure(why)
        : Outcome.value(CompletableFuture.failedFuture(why));
  }

  /** A request that is not governed goes its way; null: as it is. */
  @SuppressWarnings("unchecked")
  private Outcome pass(String hook, HttpClient client, HttpRequest request, Object[] arguments) {
    if (shutdowns.isAsked(client)) {
      return failed(hook, Shutdowns.closed());
    }
    if (!saysSomethingToFlyball(request) || !takesOwnHeadersOff(gateway, request)) {
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

  /**
   * What a request of the application's own class throws it throws when the client asks it, too.
   */
  private static boolean saysSomethingToFlyball(HttpRequest request) {
    try {
      return WireHeaders.saySomethingToFlyball(request.headers());
    } catch (RuntimeException applications) {
      return false;
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
