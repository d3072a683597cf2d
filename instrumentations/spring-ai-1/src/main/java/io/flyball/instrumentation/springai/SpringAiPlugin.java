package io.flyball.instrumentation.springai;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import org.springframework.retry.RetryCallback;

/**
 * Ends the retries of Spring AI's models where Flyball has given a call up. Loops that the
 * application runs itself, with the same template or with {@code @Retryable}, are its own business.
 */
public final class SpringAiPlugin implements Plugin {
  private static final String SPRING_AI = "org.springframework.ai.";

  private final Gateway gateway;

  public SpringAiPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    Object callback = arguments[0];
    if (callback == null
        || !callback.getClass().getName().startsWith(SPRING_AI)
        || !gateway.suppressesSdkRetries()) {
      return null;
    }
    return Outcome.arguments(new WatchedCallback<>((RetryCallback<?, ?>) callback, gateway));
  }
}
