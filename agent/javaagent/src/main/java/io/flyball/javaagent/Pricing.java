package io.flyball.javaagent;

import io.flyball.engine.log.Log;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.price.PriceFileException;
import io.flyball.engine.time.DetachedThread;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Reads the price catalogue when the first call has to be priced: while a client's first use waits
 * for the start, nothing is read that it does not need.
 */
final class Pricing implements Supplier<CallPricing> {
  private final Path ownPrices;
  private final Log log;
  private PriceCatalogue catalogue;
  private volatile CallPricing pricing;
  private final AtomicBoolean reading = new AtomicBoolean();
  private UsageEstimate estimate;

  /**
   * @param ownPrices the user's file over the built-in catalogue, or null
   */
  Pricing(Path ownPrices, Log log) {
    this.ownPrices = ownPrices;
    this.log = log;
  }

  @Override
  public synchronized CallPricing get() {
    if (pricing == null) {
      pricing = new CallPricing(catalogue(), inputTokens());
    }
    return pricing;
  }

  /**
   * The same without waiting for it: null until it has been read, which a thread of its own does
   * from now on.
   */
  CallPricing soon() {
    CallPricing ready = pricing;
    if (ready == null && reading.compareAndSet(false, true)) {
      DetachedThread.create("flyball-prices", this::get).start();
    }
    return ready;
  }

  /** Counts tokens. */
  synchronized UsageEstimate inputTokens() {
    if (estimate == null) {
      estimate = new UsageEstimate(new TokenCounter(Runtime.getRuntime().maxMemory()));
    }
    return estimate;
  }

  /** What models cost and take. */
  synchronized PriceCatalogue catalogue() {
    if (catalogue == null) {
      catalogue = read();
    }
    return catalogue;
  }

  private PriceCatalogue read() {
    PriceCatalogue builtIn = PriceCatalogue.builtIn();
    if (ownPrices == null) {
      return builtIn;
    }
    try {
      return builtIn.overriddenBy(ownPrices);
    } catch (PriceFileException e) {
      log.error("the built-in prices are used alone: " + e.getMessage());
      return builtIn;
    }
  }
}
