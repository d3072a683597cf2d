package io.flyball.instrumentation.simpleopenai;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * simple-openai 3 from the release whose HTTP layer, CleverClient 2, began to retry. Only there to
 * end its retries where Flyball has given up; the calls themselves are governed in the HTTP client
 * below.
 */
public final class SimpleOpenAiInstrumentation implements ClientInstrumentation {
  private static final String REQUEST =
      "io.github.sashirestela.cleverclient.retry.RetryableRequest";

  @Override
  public String name() {
    return "simple-openai-3";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(REQUEST, "isRetryable", IsRetryableAdvice.class.getName(), "java.lang.Throwable"));
  }

  @Override
  public Set<String> endsRetriesOf() {
    return Collections.singleton("simple-openai");
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(
            "io.github.sashirestela.cleverclient.support.CleverClientException", "responseInfo"),
        Witness.method("io.github.sashirestela.cleverclient.ResponseInfo", "getHeaders"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.simpleopenai.SimpleOpenAiPlugin";
  }
}
