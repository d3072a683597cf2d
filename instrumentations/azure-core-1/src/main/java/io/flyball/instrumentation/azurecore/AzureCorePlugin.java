package io.flyball.instrumentation.azurecore;

import com.azure.core.http.HttpResponse;
import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;

/**
 * Ends azure-core's retries where Flyball has given a call up. Its attempts may begin and end on
 * different threads: an answer is known by Flyball's header on it, a failure by its exception.
 */
public final class AzureCorePlugin implements Plugin {
  private final Gateway gateway;

  public AzureCorePlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * @param arguments a response or an exception is among them
   */
  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    if (!gateway.suppressesSdkRetries()) {
      return null;
    }
    for (Object argument : arguments) {
      if (argument instanceof HttpResponse) {
        return endIf(hasMark((HttpResponse) argument));
      }
      if (argument instanceof Throwable) {
        return endIf(gateway.hasGivenUp((Throwable) argument));
      }
    }
    return null;
  }

  /** The method by name is deprecated; the one by {@code HttpHeaderName} is not in all versions. */
  @SuppressWarnings("deprecation")
  private static boolean hasMark(HttpResponse response) {
    return response.getHeaderValue("x-flyball-call") != null
        && response.getHeaderValue("x-flyball-retry") == null;
  }

  private static Outcome endIf(boolean givenUp) {
    return givenUp ? Outcome.value(false) : null;
  }
}
