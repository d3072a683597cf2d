package io.flyball.instrumentation.googlegenai;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.SdkAttempt;
import java.io.IOException;
import okhttp3.Interceptor.Chain;
import okhttp3.Response;

/**
 * Ends google-genai's retries where Flyball has given a call up, and with them the sleep that
 * follows the last attempt.
 */
public final class GoogleGenAiPlugin implements Plugin {
  private final Gateway gateway;

  public GoogleGenAiPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  /**
   * Makes the first attempt in place of the interceptor. Unless it succeeded or was given up, the
   * interceptor follows and finds it made.
   */
  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    SdkAttempt attempt = gateway.beginSdkAttempt(GoogleGenAiInstrumentation.SDK);
    if (attempt == null) {
      return null;
    }
    Chain chain = (Chain) arguments[0];
    Response response = null;
    Throwable failure = null;
    try {
      response = chain.proceed(chain.request());
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      attempt.close();
    }
    if (failure == null) {
      return attempt.isGivenUp() || response.isSuccessful()
          ? Outcome.value(response)
          : Outcome.arguments(ProceededOnce.with(response, null, chain));
    }
    return attempt.isGivenUp() || !(failure instanceof IOException)
        ? Outcome.failure(failure)
        : Outcome.arguments(ProceededOnce.with(null, failure, chain));
  }
}
