package io.flyball.engine.call;

import io.flyball.protocol.sdk.Sdk;

/** Who made a call, as far as it matters for how he hears of a failure. Immutable. */
public final class Client {
  /** Somebody of whom nothing is known. */
  public static final Client UNKNOWN = new Client(Sdk.UNKNOWN, false);

  private final Sdk sdk;
  private final boolean retriesEnded;

  /**
   * @param retriesEnded whether the SDK's own retry loop ends with this call, whatever its failure
   */
  public Client(Sdk sdk, boolean retriesEnded) {
    this.sdk = sdk;
    this.retriesEnded = retriesEnded;
  }

  public Sdk sdk() {
    return sdk;
  }

  /** Whether the true status or exception can be handed to it, which it will not ask again for. */
  public boolean retriesEnded() {
    return retriesEnded;
  }
}
