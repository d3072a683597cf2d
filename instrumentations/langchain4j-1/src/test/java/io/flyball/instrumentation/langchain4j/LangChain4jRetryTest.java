package io.flyball.instrumentation.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.langchain4j.exception.HttpException;
import dev.langchain4j.exception.InternalServerException;
import dev.langchain4j.exception.LangChain4jException;
import dev.langchain4j.internal.ExceptionMapper;
import dev.langchain4j.internal.RetryUtils;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.wire.Bodies;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The retry loops of LangChain4j, the test in the place of the HTTP client below them. */
class LangChain4jRetryTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new LangChain4jInstrumentation());

  private static final RetryUtils.RetryPolicy POLICY =
      RetryUtils.retryPolicyBuilder().maxRetries(2).delayMillis(1).build();

  private final AtomicInteger attempts = new AtomicInteger();

  @AfterEach
  void nothingFailed() {
    assertThat(AGENT.failures()).isEmpty();
  }

  private static GovernedCall open() {
    return AGENT
        .gateway()
        .open(
            new WireRequest(
                "POST",
                URI.create("https://api.openai.com/v1/chat/completions"),
                Headers.EMPTY,
                "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"
                    .getBytes(StandardCharsets.UTF_8)));
  }

  private static Transport answering(int status) {
    return (request, cancellation) ->
        CompletableFuture.completedFuture(
            WireResponse.received(
                status, Headers.EMPTY, Bodies.of(new byte[] {'{', '}'}), new Object()));
  }

  private static Object answer(WireResponse response) {
    response.body().close();
    if (response.status() >= 400) {
      throw new HttpException(response.status(), "busy");
    }
    return "fine";
  }

  /** A governed call that is answered with the attempt's status. */
  private Callable<Object> governed(int... statuses) {
    return () ->
        ExceptionMapper.DEFAULT.withExceptionMapper(
            () -> answer(open().execute(answering(statuses[attempts.getAndIncrement()]))));
  }

  private Callable<Object> notGoverned(Exception... failures) {
    return () -> {
      int attempt = attempts.getAndIncrement();
      if (attempt < failures.length) {
        throw failures[attempt];
      }
      return "fine";
    };
  }

  @Test
  void aGovernedFailureIsTheLast() {
    assertThat(catchThrowable(() -> POLICY.withRetry(governed(503, 200))))
        .isExactlyInstanceOf(InternalServerException.class);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void aGovernedExceptionIsTheLastAndWrappedAsEver() {
    IOException reset = new IOException("reset");
    Callable<Object> action =
        () -> {
          attempts.incrementAndGet();
          return open()
              .execute(
                  (request, cancellation) -> {
                    CompletableFuture<WireResponse> sent = new CompletableFuture<>();
                    sent.completeExceptionally(reset);
                    return sent;
                  });
        };
    assertThat(catchThrowable(() -> POLICY.withRetry(action)))
        .isExactlyInstanceOf(LangChain4jException.class)
        .hasCause(reset);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void aGovernedSuccessIsReturned() {
    assertThat(POLICY.withRetry(governed(200))).isEqualTo("fine");
    assertThat(attempts).hasValue(1);
  }

  @Test
  void otherFailuresAreRetriedAsEver() {
    RuntimeException third = new RuntimeException("third");
    assertThat(
            catchThrowable(
                () ->
                    POLICY.withRetry(
                        notGoverned(new IOException("first"), new Exception("second"), third))))
        .isSameAs(third);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void aRetryMayStillSucceed() {
    assertThat(POLICY.withRetry(notGoverned(new IOException("first")))).isEqualTo("fine");
    assertThat(attempts).hasValue(2);
  }

  @Test
  void whatFailsAfterAGovernedSuccessIsRetriedAsEver() {
    Callable<Object> action =
        () -> {
          governed(200, 200, 200).call();
          throw new IllegalStateException("not the JSON we wanted");
        };
    assertThat(catchThrowable(() -> POLICY.withRetry(action)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(attempts).hasValue(3);
  }

  @Test
  void anErrorIsThrownAsItIsAndNothingRepeated() {
    Error error = new NoClassDefFoundError("of the application");
    Callable<Object> action =
        () -> {
          attempts.incrementAndGet();
          throw error;
        };
    assertThat(catchThrowable(() -> POLICY.withRetry(action))).isSameAs(error);
    assertThat(attempts).hasValue(1);
  }

  /** A governed call that is answered later, on another thread. */
  private Supplier<CompletableFuture<Object>> governedLater(int... statuses) {
    return () -> {
      int status = statuses[attempts.getAndIncrement()];
      GovernedCall call = open();
      return CompletableFuture.supplyAsync(
              () -> call.executeAsync(answering(status), Runnable::run),
              CompletableFuture.delayedExecutor(20, TimeUnit.MILLISECONDS))
          .thenCompose(stage -> stage)
          .thenApply(LangChain4jRetryTest::answer);
    };
  }

  private static Throwable failureOf(CompletableFuture<?> future) {
    Throwable thrown = catchThrowable(() -> future.get(30, TimeUnit.SECONDS));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    return thrown.getCause();
  }

  @Test
  void aGovernedFailureIsTheLastAsynchronouslyToo() {
    CompletableFuture<Object> result =
        POLICY.withRetryAsync(governedLater(503, 200), 2, ExceptionMapper.DEFAULT);
    assertThat(failureOf(result)).isExactlyInstanceOf(InternalServerException.class);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void soItIsWhenItFailsBeforeTheLoopReturns() {
    RetryUtils.RetryPolicy patient =
        RetryUtils.retryPolicyBuilder().delayMillis(100_000).jitterScale(0).build();
    CompletableFuture<Object> result =
        patient.withRetryAsync(
            () -> {
              attempts.incrementAndGet();
              return open()
                  .executeAsync(answering(503), Runnable::run)
                  .toCompletableFuture()
                  .thenApply(LangChain4jRetryTest::answer);
            },
            2,
            ExceptionMapper.DEFAULT);
    assertThat(failureOf(result)).isExactlyInstanceOf(InternalServerException.class);
    assertThat(attempts).hasValue(1);
  }

  @Test
  void otherFailuresAreRetriedAsynchronouslyAsEver() throws Exception {
    CompletableFuture<Object> result =
        POLICY.withRetryAsync(
            () ->
                attempts.getAndIncrement() < 2
                    ? CompletableFuture.failedFuture(new IOException("reset"))
                    : CompletableFuture.completedFuture("fine"),
            2,
            ExceptionMapper.DEFAULT);
    assertThat(result.get(30, TimeUnit.SECONDS)).isEqualTo("fine");
    assertThat(attempts).hasValue(3);
  }
}
