package io.flyball.instrumentation.springai;

import io.flyball.wire.Gateway;
import io.flyball.wire.SdkAttempt;
import org.springframework.retry.RetryCallback;
import org.springframework.retry.RetryContext;

/**
 * Spring AI's own callback; when an attempt was given up, the template is told that it was the
 * last.
 */
final class WatchedCallback<T, E extends Throwable> implements RetryCallback<T, E> {
  private final RetryCallback<T, E> callback;
  private final Gateway gateway;

  WatchedCallback(RetryCallback<T, E> callback, Gateway gateway) {
    this.callback = callback;
    this.gateway = gateway;
  }

  @Override
  public T doWithRetry(RetryContext context) throws E {
    SdkAttempt attempt = gateway.beginSdkAttempt(SpringAiInstrumentation.SDK);
    if (attempt == null) {
      return callback.doWithRetry(context);
    }
    boolean failed = true;
    try {
      T result = callback.doWithRetry(context);
      failed = false;
      return result;
    } finally {
      attempt.close();
      if (failed && attempt.isGivenUp()) {
        context.setExhaustedOnly();
      }
    }
  }

  @Override
  public String getLabel() {
    return callback.getLabel();
  }
}
