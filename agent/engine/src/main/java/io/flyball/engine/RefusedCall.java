package io.flyball.engine;

import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Transport;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The last no of a hard guard, where nothing else of ours works (no stack, no memory, a class that
 * cannot be used): the call fails as if its connection had.
 */
final class RefusedCall implements GovernedCall {
  private final Throwable cause;

  RefusedCall(Throwable cause) {
    this.cause = cause;
  }

  /**
   * What the application gets.
   *
   * @param cause may be null
   */
  static IOException refusal(Throwable cause) {
    return new IOException(
        "flyball: this call could not be held against what no call may exceed, and was not sent",
        cause);
  }

  @Override
  public String id() {
    return "";
  }

  @Override
  public WireResponse execute(Transport transport) throws IOException {
    throw refusal(cause);
  }

  @Override
  public CompletionStage<WireResponse> executeAsync(Transport transport, Executor executor) {
    return Completions.failed(refusal(cause));
  }

  @Override
  public void cancel() {}

  @Override
  public void cancel(Throwable why) {}
}
