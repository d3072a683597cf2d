package io.flyball.instrumentation.stainless;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * openai-java, which takes a header for an answer to whether it should ask again, but has no answer
 * to look at where there was no connection. Only there to end its retries after an exception of a
 * call that Flyball has given up; the calls themselves are governed in the HTTP client below.
 */
public final class OpenAiJavaInstrumentation implements ClientInstrumentation {
  private static final String LOOP = "com.openai.core.http.RetryingHttpClient";

  @Override
  public String name() {
    return "openai-java";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(LOOP, "shouldRetry", ShouldRetryAdvice.class.getName(), "java.lang.Throwable"));
  }

  /** Spring AI 2 stands on the cores of these SDKs. */
  @Override
  public Set<String> endsRetriesOf() {
    return new HashSet<>(Arrays.asList("openai-java", "spring-ai-2"));
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.singletonList(Witness.method(LOOP, "shouldRetry"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.stainless.StainlessPlugin";
  }
}
