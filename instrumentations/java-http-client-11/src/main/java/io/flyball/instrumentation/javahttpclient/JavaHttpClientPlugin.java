package io.flyball.instrumentation.javahttpclient;

import io.flyball.bootstrap.Outcome;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.HeldBytes;
import io.flyball.instrumentation.api.Plugin;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandler;

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
    boolean takesPushes = arguments.length > 2 && arguments[2] != null;
    if (request == null || handler == null || takesPushes || request instanceof AttemptRequest) {
      return null;
    }
    URI uri = request.uri();
    if (uri == null
        || uri.getHost() == null
        || request.method() == null
        || !gateway.mayGovern(request.method(), uri.getRawPath())) {
      return null;
    }
    RequestBody body = RequestBody.of(request, gateway.maxRequestBytes(), gateway.mustRead());
    if (body.declaredTooLong()) {
      return null;
    }
    if (!body.makeRoom()) {
      HeldBytes.ofThisJvm().letPass();
      return null;
    }
    Exchange<?> exchange =
        new Exchange<>(gateway, strangers, (HttpClient) self, request, body, handler);
    return hook.endsWith(":send") ? exchange.send() : exchange.sendAsync();
  }
}
