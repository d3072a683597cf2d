package io.flyball.instrumentation.stainless;

import io.flyball.bootstrap.Outcome;
import io.flyball.engine.wire.Gateway;
import io.flyball.instrumentation.api.Plugin;

/**
 * Ends the retries of an SDK after the exception of a call that Flyball has given up. Its attempts
 * may begin and end on different threads: the call is known by its exception.
 */
public final class StainlessPlugin implements Plugin {
  private final Gateway gateway;

  public StainlessPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    return gateway.suppressesSdkRetries() && gateway.hasGivenUp((Throwable) arguments[0])
        ? Outcome.value(false)
        : null;
  }
}
