package io.flyball.engine;

import io.flyball.engine.time.Aside;
import io.flyball.engine.time.StackRoom;
import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Transport;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * A call of a thread with next to no stack left, which no hard guard may miss: made on a thread of
 * ours, which the other one waits for.
 */
final class AsideCall implements GovernedCall {
  private final GovernedCall call;

  AsideCall(GovernedCall call) {
    this.call = call;
  }

  @Override
  public String id() {
    return call.id();
  }

  @Override
  public WireResponse execute(Transport transport) throws IOException {
    if (!transport.maySendElsewhere()) {
      IOException refusal = RefusedCall.refusal(null);
      call.cancel(refusal);
      throw refusal;
    }
    WireResponse response = Aside.inPlaceOfThisThread(() -> call.execute(transport));
    return response.withBody(new AsideBody(response.body()));
  }

  @Override
  public CompletionStage<WireResponse> executeAsync(Transport transport, Executor executor) {
    return Completions.then(
        Aside.inPlaceOfThisThread(() -> call.executeAsync(transport, executor)),
        (response, failure) ->
            failure == null
                ? Completions.completed(response.withBody(new AsideBody(response.body())))
                : Completions.failed(failure));
  }

  @Override
  public void whenEnded(Runnable action) {
    call.whenEnded(action);
  }

  @Override
  public void cancel() {
    call.cancel();
  }

  @Override
  public void cancel(Throwable why) {
    call.cancel(why);
  }

  /** Read where there is room for it: what is read is counted as it passes. */
  private static final class AsideBody implements Body {
    private final Body body;

    AsideBody(Body body) {
      this.body = body;
    }

    @Override
    public CompletionStage<ByteBuffer> read() {
      return StackRoom.isEnough() ? body.read() : Aside.inPlaceOfThisThread(body::read);
    }

    @Override
    public boolean goesOnAfter(Throwable failure) {
      return body.goesOnAfter(failure);
    }

    @Override
    public int available() {
      return body.available();
    }

    @Override
    public void close() {
      if (StackRoom.isEnough()) {
        body.close();
      } else {
        Aside.execute(body::close);
      }
    }
  }
}
