package io.flyball.instrumentation.testing;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallContext;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Stage;
import io.flyball.engine.wire.Cancellation;
import io.flyball.engine.wire.Completions;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.GovernedCall;
import io.flyball.engine.wire.Transport;
import io.flyball.engine.wire.WireRequest;
import io.flyball.engine.wire.WireResponse;
import io.flyball.protocol.Operation;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

/** The smallest engine: one stage around the transport. */
final class StageGateway implements Gateway {
  private final Stage stage;
  private final boolean govern;
  private final Collection<Throwable> failures;
  private final AtomicInteger calls = new AtomicInteger();

  StageGateway(Stage stage, boolean govern, Collection<Throwable> failures) {
    this.stage = stage;
    this.govern = govern;
    this.failures = failures;
  }

  int calls() {
    return calls.get();
  }

  @Override
  public boolean mayGovern(String method, String path) {
    return (method == null || method.equals("POST"))
        && (path.endsWith("/chat/completions") || path.endsWith("/v1/messages"));
  }

  @Override
  public boolean observesOnly() {
    return !govern;
  }

  @Override
  public int maxRequestBytes() {
    return 8 << 20;
  }

  @Override
  public GovernedCall open(WireRequest request) {
    if (!new String(request.body(), StandardCharsets.UTF_8).contains("\"messages\"")) {
      return null;
    }
    return new OneCall("call-" + calls.incrementAndGet(), request);
  }

  @Override
  public void internalError(String place, Throwable failure) {
    failures.add(failure);
  }

  private final class OneCall implements GovernedCall, CallContext {
    private final String id;
    private final WireRequest request;
    private final Cancellation cancellation = new Cancellation();
    private Executor executor = Runnable::run;

    OneCall(String id, WireRequest request) {
      this.id = id;
      this.request = request;
    }

    @Override
    public String id() {
      return id;
    }

    @Override
    public WireResponse execute(Transport transport) throws IOException {
      CompletableFuture<WireResponse> future = run(transport).toCompletableFuture();
      try {
        return future.get();
      } catch (InterruptedException interrupted) {
        throw Completions.<IOException>sneakyThrow(interrupted);
      } catch (ExecutionException failed) {
        throw Completions.<IOException>sneakyThrow(failed.getCause());
      }
    }

    @Override
    public CompletionStage<WireResponse> executeAsync(Transport transport, Executor clients) {
      executor = clients;
      return run(transport);
    }

    private CompletionStage<WireResponse> run(Transport transport) {
      RequestFacts facts = RequestFacts.builder(new NoProtocol(), Operation.CHAT, "openai").build();
      ModelCall call = new ModelCall(id, request, facts, Attribution.NONE, this);
      Stage.Next wire =
          next ->
              transport.send(
                  govern
                      ? next.request()
                          .withHeaders(next.request().headers().withoutPrefix("x-flyball-"))
                      : next.request(),
                  next.context().cancellation());
      CompletionStage<WireResponse> answer;
      try {
        answer = stage.handle(call, wire);
      } catch (RuntimeException broken) {
        failures.add(broken);
        answer = wire.proceed(call);
      }
      return Completions.then(
          answer,
          (response, failure) ->
              failure != null
                  ? Completions.failed(failure)
                  : Completions.completed(
                      govern
                          ? response.withHeaders(response.headers().with("x-flyball-call", id))
                          : response));
    }

    @Override
    public void cancel() {
      cancellation.cancel(new CancellationException("the application walked away"));
    }

    @Override
    public Cancellation cancellation() {
      return cancellation;
    }

    @Override
    public Executor executor() {
      return executor;
    }
  }

  /** Nothing is read of the answers. */
  private static final class NoProtocol implements Protocol {

    @Override
    public String id() {
      return "none";
    }

    @Override
    public ResponseReader reader(RequestFacts request, int status, String contentType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public byte[] askForUsage(RequestFacts request, byte[] body) {
      return null;
    }

    @Override
    public boolean isRequestedUsageEvent(byte[] data) {
      return false;
    }
  }
}
