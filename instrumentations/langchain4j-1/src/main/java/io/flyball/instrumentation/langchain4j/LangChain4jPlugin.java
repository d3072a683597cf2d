package io.flyball.instrumentation.langchain4j;

import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.internal.ExceptionMapper;
import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import io.flyball.wire.SdkAttempt;
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
    int left = retries - 1 - attempt.repetitions();
    return Outcome.arguments(new FailedOnce((Exception) failure, action, left));
  }

  /**
   * The action after its first attempt, which is not made again. Once Flyball and the loop together
   * have asked as often as the loop was told to, what is left of it finds the last failure.
   */
  private final class FailedOnce implements Callable<Object> {
    private final Callable<Object> action;
    private Exception known;
    private int left;

    /**
     * @param left how often the loop may repeat after the attempt that it is about to make
     */
    FailedOnce(Exception first, Callable<Object> action, int left) {
      this.known = first;
      this.action = action;
      this.left = left;
    }

    @Override
    public Object call() throws Exception {
      Exception failure = known;
      if (failure != null) {
        known = left < 0 ? failure : null;
        throw failure;
      }
      SdkAttempt attempt = gateway.beginSdkAttempt(LangChain4jInstrumentation.SDK, left);
      if (attempt == null) {
        return action.call();
      }
      try {
        return action.call();
      } catch (Exception failed) {
        left -= 1 + attempt.repetitions();
        known = attempt.isGivenUp() || left < 0 ? failed : null;
        throw failed;
      } finally {
        attempt.close();
      }
    }
  }
}
