package io.flyball.engine.call;

import java.math.BigDecimal;
import java.util.Objects;

/** A part of what a call cost, and who is paid it for which model. Immutable. */
public final class Charge {
  private final String provider;
  private final String model;
  private final BigDecimal usd;
  private final boolean wasted;

  Charge(String provider, String model, BigDecimal usd, boolean wasted) {
    this.provider = Objects.requireNonNull(provider, "provider");
    this.model = model;
    this.usd = Objects.requireNonNull(usd, "usd");
    this.wasted = wasted;
  }

  /** {@code gen_ai.provider.name}. */
  public String provider() {
    return provider;
  }

  /** The model that provider was asked for, or null when the request named none. */
  public String model() {
    return model;
  }

  /** US dollars, exact. */
  public BigDecimal usd() {
    return usd;
  }

  /** Whether it was paid for an answer that was not delivered. */
  public boolean wasted() {
    return wasted;
  }
}
