package io.flyball.instrumentation.langchain4j;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.internal.ExceptionMapper;
import io.flyball.bootstrap.Outcome;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.SdkAttempt;
import io.flyball.instrumentation.api.Plugin;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Ends LangChain4j's retries where Flyball has given a call up.
 *
 * <p>The exceptions of its HTTP clients do not tell which response they were made of, so the calls
 * that the attempt's thread made are watched instead. An attempt that hands its call to another
 * thread of its own making is not seen as governed, and retried as LangChain4j would.
 */
public final class LangChain4jPlugin implements Plugin {
  private final Gateway gateway;

  public LangChain4jPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  @SuppressWarnings("unchecked")
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (!gateway.suppressesSdkRetries()) {
      return null;
    }
    if (hook.endsWith(":withRetry")) {
      return firstAttempt((Callable<Object>) arguments[0], (Integer) arguments[1]);
    }
    WatchedLoop loop = new WatchedLoop(gateway, (Integer) arguments[2]);
    return Outcome.arguments(
        loop.action((Supplier<CompletableFuture<Object>>) arguments[0]),
        loop.mapper((ExceptionMapper) arguments[1]));
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    if (arguments[0] instanceof WatchedLoop.Mapper && result != null) {
      ((WatchedLoop.Mapper) arguments[0]).loop().returned((CompletableFuture<?>) result);
    }
    return null;
  }

  /**
   * Makes the first attempt in place of the loop. Unless it succeeded or was given up,
   * LangChain4j's own loop follows and finds it made: what it does about a failure depends on its
   * version.
   */
  private Outcome firstAttempt(Callable<Object> action, int retries) {
    SdkAttempt attempt = gateway.beginSdkAttempt(LangChain4jInstrumentation.SDK, retries);
    if (attempt == null) {
      return null;
    }
    Throwable failure;
    try {
      return Outcome.value(action.call());
    } catch (Throwable thrown) {
      failure = thrown;
    } finally {
      attempt.close();
    }
    if (!(failure instanceof Exception)) {
      return Outcome.failure(failure);
    }
    if (attempt.isGivenUp() && !Thread.currentThread().isInterrupted()) {
      return Outcome.failure(
          failure instanceof RuntimeException ? failure : new LangChain4jException(failure));
    }
    return Outcome.arguments(new FailedOnce((Exception) failure, action));
  }

  /** The action after its first attempt, which is not made again. */
  private static final class FailedOnce implements Callable<Object> {
    private final Callable<Object> action;
    private Exception first;

    FailedOnce(Exception first, Callable<Object> action) {
      this.first = first;
      this.action = action;
    }

    @Override
    public Object call() throws Exception {
      Exception failure = first;
      if (failure != null) {
        first = null;
        throw failure;
      }
      return action.call();
    }
  }
}
