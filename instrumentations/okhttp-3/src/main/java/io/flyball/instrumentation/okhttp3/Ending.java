package io.flyball.instrumentation.okhttp3;

import io.flyball.wire.GovernedCall;
import okhttp3.Call;

/**
 * Held by a response: keeps its governed call reachable for cancelling until the body is closed.
 */
final class Ending implements Runnable {
  private final RunningCalls running;
  private final Call call;
  private final GovernedCall governedCall;

  Ending(RunningCalls running, Call call, GovernedCall governedCall) {
    this.running = running;
    this.call = call;
    this.governedCall = governedCall;
  }

  @Override
  public void run() {
    running.remove(call);
  }

  @Override
  public String toString() {
    return "end of " + governedCall.id();
  }
}
