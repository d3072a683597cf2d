package io.flyball.instrumentation.simpleopenai;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.github.sashirestela.cleverclient.ResponseInfo;
import io.github.sashirestela.cleverclient.support.CleverClientException;
import java.util.Map;

/**
 * Ends CleverClient's retries where Flyball has given a call up. Its attempts may begin and end on
 * different threads: an answer is known by Flyball's header on it, which CleverClient's exception
 * carries, a failure by its exception.
 */
public final class SimpleOpenAiPlugin implements Plugin {
  private static final int MOST_CAUSES = 16;

  private final Gateway gateway;

  public SimpleOpenAiPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    if (!gateway.suppressesSdkRetries()) {
      return null;
    }
    Throwable failure = (Throwable) arguments[0];
    return hasMark(failure) || gateway.hasGivenUp(failure) ? Outcome.value(false) : null;
  }

  private static boolean hasMark(Throwable failure) {
    Throwable cause = failure;
    for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
      if (cause instanceof CleverClientException
          && ((CleverClientException) cause)
              .responseInfo()
              .map(ResponseInfo::getHeaders)
              .filter(SimpleOpenAiPlugin::hasMark)
              .isPresent()) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  private static boolean hasMark(Map<String, ?> headers) {
    boolean marked = false;
    for (String name : headers.keySet()) {
      if ("x-flyball-retry".equalsIgnoreCase(name)) {
        return false;
      }
      marked |= "x-flyball-call".equalsIgnoreCase(name);
    }
    return marked;
  }
}
