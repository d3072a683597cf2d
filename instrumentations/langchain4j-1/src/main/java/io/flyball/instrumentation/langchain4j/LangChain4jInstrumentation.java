package io.flyball.instrumentation.langchain4j;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * LangChain4j from 1.0: the one loop through which all its models retry, and the asynchronous one
 * that came with 1.20. Only there to end them where Flyball has given up; the calls themselves are
 * governed in the HTTP client below.
 */
public final class LangChain4jInstrumentation implements ClientInstrumentation {
  /** As the engine knows it. A constant, so that the plugin does not need this class. */
  static final String SDK = "langchain4j";

  private static final String RETRY_POLICY = "dev.langchain4j.internal.RetryUtils$RetryPolicy";

  @Override
  public String name() {
    return "langchain4j-1";
  }

  @Override
  public List<Hook> hooks() {
    return Arrays.asList(
        new Hook(
            RETRY_POLICY,
            "withRetry",
            WithRetryAdvice.class.getName(),
            "java.util.concurrent.Callable",
            "int"),
        new Hook(
                RETRY_POLICY,
                "withRetryAsync",
                WithRetryAsyncAdvice.class.getName(),
                "java.util.function.Supplier",
                "int",
                "dev.langchain4j.internal.ExceptionMapper")
            .whereItExists());
  }

  @Override
  public Set<String> endsRetriesOf() {
    return Collections.singleton(SDK);
  }

  @Override
  public List<Witness> witnesses() {
    return Arrays.asList(
        Witness.method(RETRY_POLICY, "withRetry"),
        Witness.method("dev.langchain4j.internal.ExceptionMapper", "mapException"),
        Witness.type("dev.langchain4j.exception.LangChain4jException"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.langchain4j.LangChain4jPlugin";
  }
}
