package io.flyball.instrumentation.googlegenai;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * google-genai from 1.28, which brought the interceptor that retries. Only there to end its loop
 * where Flyball has given up; the calls themselves are governed in OkHttp below.
 */
public final class GoogleGenAiInstrumentation implements ClientInstrumentation {
  /** As the engine knows it. A constant, so that the plugin does not need this class. */
  static final String SDK = "google-genai";

  private static final String RETRY_INTERCEPTOR = "com.google.genai.RetryInterceptor";

  @Override
  public String name() {
    return "google-genai-1";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(
            RETRY_INTERCEPTOR,
            "intercept",
            InterceptAdvice.class.getName(),
            "okhttp3.Interceptor$Chain"));
  }

  @Override
  public Set<String> endsRetriesOf() {
    return Collections.singleton(SDK);
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method("okhttp3.Interceptor$Chain", "proceed"),
        Witness.method("okhttp3.Response", "isSuccessful"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.googlegenai.GoogleGenAiPlugin";
  }
}
