package io.flyball.javaagent;

import io.flyball.base.DetachedThread;
import io.flyball.engine.budget.StoredSizes;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.OwnPrices;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/**
 * Reads the built-in price catalogue when the first call has to be priced: while a client's first
 * use waits for the start, nothing is read that it does not need. The user's own prices come with
 * the configuration.
 */
final class Pricing implements Supplier<CallPricing> {
  private final OwnPrices own;
  private PriceCatalogue catalogue;
  private volatile CallPricing pricing;
  private final AtomicBoolean reading = new AtomicBoolean();
  private final Object estimating = new Object();
  private final StoredSizes stored = new StoredSizes();
  private UsageEstimate estimate;

  /**
   * @param own the user's prices over the built-in catalogue, or null
   */
  Pricing(OwnPrices own) {
    this.own = own;
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

  /** Counts tokens; does not wait for the catalogue that is being read. */
  UsageEstimate inputTokens() {
    synchronized (estimating) {
      if (estimate == null) {
        estimate =
            new UsageEstimate(
                new TokenCounter(Runtime.getRuntime().maxMemory()),
                (request, host, port) -> stored.most(request, host, port, this::window));
      }
      return estimate;
    }
  }

  /** How long that is what providers keep; to be told of every call. */
  StoredSizes stored() {
    return stored;
  }

  /** The context window of a model in tokens; 0 when not known. */
  long window(String provider, String host, String model) {
    Long window = catalogue().limitsOf(provider, host, model).contextWindow();
    return window == null ? 0 : window;
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
    return own == null ? builtIn : builtIn.overriddenBy(own);
  }
}
