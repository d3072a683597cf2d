package io.flyball.instrumentation.springai;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Caller;
import io.flyball.wire.CallerScope;
import io.flyball.wire.Gateway;
import java.net.URI;
import org.springframework.web.reactive.function.client.ClientRequest;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Tells the engine who asked a {@code ChatClient}. A call is sent on the thread that asks. A stream
 * is sent when somebody subscribes, on any thread: so the subscriber is kept as a caller in
 * Reactor's own context, where the {@code WebClient} finds it for the first request and for those
 * that follow tools.
 */
public final class ChatClientPlugin implements Plugin {
  private static final String SOURCE = "spring-ai";

  private final Gateway gateway;

  public ChatClientPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /** Gives the advice the scope that it closes. */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    CallerScope scope = askedAt(gateway.place());
    return scope == null ? null : Outcome.value(scope);
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    if (hook.endsWith(":stream")) {
      return Outcome.value(carryingItsCaller((Flux<?>) result, gateway.place()));
    }
    ClientRequest request = (ClientRequest) arguments[0];
    URI url = request.url();
    int port = url.getPort() >= 0 ? url.getPort() : "http".equals(url.getScheme()) ? 80 : 443;
    return gateway.mayGovern(request.method().name(), url.getHost(), port, url.getRawPath())
        ? Outcome.value(new CallersExchange<>((Mono<?>) result, gateway))
        : null;
  }

  /**
   * What a subscriber's request says of tenants and the like is its own, the place is the client's.
   */
  private <T> Flux<T> carryingItsCaller(Flux<T> stream, String place) {
    return Flux.defer(
        () -> {
          Caller caller = subscriber(place);
          return caller == null
              ? stream
              : stream.contextWrite(context -> context.put(CallersExchange.CALLER, caller));
        });
  }

  private Caller subscriber(String place) {
    CallerScope scope = askedAt(place);
    try {
      return gateway.callerAt(place);
    } finally {
      if (scope != null) {
        scope.close();
      }
    }
  }

  private CallerScope askedAt(String place) {
    return place == null ? null : gateway.beginNamed(SOURCE, place);
  }
}
