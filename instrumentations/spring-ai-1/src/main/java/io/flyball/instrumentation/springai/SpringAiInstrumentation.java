package io.flyball.instrumentation.springai;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Spring AI 1, whose models retry through Spring Retry's template (2 has the SDKs of the providers
 * do it). Only there to end that loop where Flyball has given up; the calls themselves are governed
 * in the HTTP client below.
 */
public final class SpringAiInstrumentation implements ClientInstrumentation {
  /** As the engine knows it. A constant, so that the plugin does not need this class. */
  static final String SDK = "spring-ai-1";

  private static final String CALLBACK = "org.springframework.retry.RetryCallback";
  private static final String TEMPLATE = "org.springframework.retry.support.RetryTemplate";

  @Override
  public String name() {
    return "spring-ai-1";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(
            TEMPLATE,
            "doExecute",
            DoExecuteAdvice.class.getName(),
            CALLBACK,
            "org.springframework.retry.RecoveryCallback",
            "org.springframework.retry.RetryState"));
  }

  @Override
  public Set<String> endsRetriesOf() {
    return Collections.singleton(SDK);
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(CALLBACK, "doWithRetry"),
        Witness.method(CALLBACK, "getLabel"),
        Witness.method("org.springframework.retry.RetryContext", "setExhaustedOnly"));
  }

  /** The template is Spring Retry's, and mostly there without Spring AI. */
  @Override
  public String libraryType() {
    return "org.springframework.ai.retry.TransientAiException";
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.springai.SpringAiPlugin";
  }
}
