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
 * openai-java and anthropic-java, which are one text with two package names. They take a header for
 * an answer to whether they should ask again, but have no answer to look at where there was no
 * connection. Only there to end their retries after an exception of a call that Flyball has given
 * up, and to know how many of them they were told to make; the calls themselves are governed in the
 * HTTP client below.
 */
public abstract class StainlessInstrumentation implements ClientInstrumentation {
  private final String sdk;
  private final String core;
  private final String loop;

  private StainlessInstrumentation(String sdk, String libraryPackage) {
    this.sdk = sdk;
    this.core = libraryPackage + ".core.";
    this.loop = core + "http.RetryingHttpClient";
  }

  /** Of OpenAI. */
  public static final class OpenAiJava extends StainlessInstrumentation {
    public OpenAiJava() {
      super("openai-java", "com.openai");
    }
  }

  /** Of Anthropic. */
  public static final class AnthropicJava extends StainlessInstrumentation {
    public AnthropicJava() {
      super("anthropic-java", "com.anthropic");
    }
  }

  @Override
  public String name() {
    return sdk;
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        new Hook(loop, "shouldRetry", ShouldRetryAdvice.class.getName(), "java.lang.Throwable"),
        loop("execute"),
        loop("executeAsync"));
  }

  private Hook loop(String method) {
    return new Hook(
            loop,
            method,
            LoopAdvice.class.getName(),
            core + "http.HttpRequest",
            core + "RequestOptions")
        .whereItExists();
  }

  /** Spring AI 2 stands on the cores of these SDKs. */
  @Override
  public Set<String> endsRetriesOf() {
    return new HashSet<>(Arrays.asList(sdk, "spring-ai-2"));
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.singletonList(Witness.method(loop, "shouldRetry"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.stainless.StainlessPlugin";
  }
}
