package io.flyball.instrumentation.azurecore;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * azure-core 1, on which azure-ai-openai, azure-ai-inference and Semantic Kernel stand: the two
 * decisions of its retry policy, in the three forms they have had (checked in the bytecode of 1.14,
 * 1.30, 1.39, 1.45, 1.50 and 1.57). Only there to end its retries where Flyball has given up; the
 * calls themselves are governed in the HTTP client below, if it is one that Flyball knows.
 */
public final class AzureCoreInstrumentation implements ClientInstrumentation {
  private static final String RETRY_POLICY = "com.azure.core.http.policy.RetryPolicy";
  private static final String RESPONSE = "com.azure.core.http.HttpResponse";

  @Override
  public String name() {
    return "azure-core-1";
  }

  @Override
  public List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>(decisions("shouldRetry", RESPONSE));
    hooks.addAll(decisions("shouldRetryException", "java.lang.Throwable"));
    return hooks;
  }

  private static List<Hook> decisions(String method, String subject) {
    String strategy = "com.azure.core.http.policy.RetryStrategy";
    return Arrays.asList(
        decision(method, strategy, subject, "int", "java.util.List"),
        decision(method, strategy, subject, "int"),
        decision(method, subject, "int"));
  }

  private static Hook decision(String method, String... parameterTypes) {
    return new Hook(RETRY_POLICY, method, ShouldRetryAdvice.class.getName(), parameterTypes)
        .whereItExists();
  }

  @Override
  public Set<String> endsRetriesOf() {
    return Collections.singleton("azure");
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(RETRY_POLICY, "shouldRetry"), Witness.method(RESPONSE, "getHeaderValue"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.azurecore.AzureCorePlugin";
  }
}
