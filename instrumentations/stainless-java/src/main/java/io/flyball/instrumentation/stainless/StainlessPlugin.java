package io.flyball.instrumentation.stainless;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.SdkAttempt;
import java.lang.reflect.Field;

/**
 * Ends the retries of an SDK after the exception of a call that Flyball has given up, and says how
 * many there would have been. Its attempts may begin and end on different threads: the call is
 * known by its exception.
 */
public final class StainlessPlugin implements Plugin {
  private final Gateway gateway;

  public StainlessPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Tells the engine how often the loop that begins would repeat a call. What it sends first is
   * sent on its thread, also where it goes on elsewhere.
   */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (!gateway.suppressesSdkRetries()) {
      return null;
    }
    SdkAttempt attempt =
        gateway.beginSdkAttempt(hook.substring(0, hook.indexOf(':')), retries(self));
    return attempt == null ? null : Outcome.value(attempt);
  }

  /** -1 where it cannot be read. */
  private static int retries(Object loop) {
    try {
      Field field = loop.getClass().getDeclaredField("maxRetries");
      field.setAccessible(true);
      return field.getInt(loop);
    } catch (ReflectiveOperationException | RuntimeException notTold) {
      return -1;
    }
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    return gateway.suppressesSdkRetries() && gateway.hasGivenUp((Throwable) arguments[0])
        ? Outcome.value(false)
        : null;
  }
}
