package io.flyball.instrumentation.langchain4j;

import dev.langchain4j.internal.ExceptionMapper;
import io.flyball.wire.Gateway;
import io.flyball.wire.SdkAttempt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * One asynchronous retry loop, its attempts watched. The loop asks its mapper about every failed
 * attempt and goes on no further once its result is complete: so, when the attempt was given up,
 * the result is completed with the mapped exception, which is what the loop does itself at its end.
 */
final class WatchedLoop {
  private final Gateway gateway;
  private volatile int left;
  private volatile SdkAttempt latest;
  private CompletableFuture<?> result;
  private RuntimeException end;

  WatchedLoop(Gateway gateway, int retries) {
    this.gateway = gateway;
    this.left = retries;
  }

  Supplier<CompletableFuture<Object>> action(Supplier<CompletableFuture<Object>> action) {
    return () -> {
      SdkAttempt before = latest;
      if (before != null) {
        left -= 1 + before.repetitions();
      }
      SdkAttempt attempt =
          gateway.beginSdkAttempt(LangChain4jInstrumentation.SDK, Math.max(0, left));
      latest = attempt;
      if (attempt == null) {
        return action.get();
      }
      try {
        return action.get();
      } finally {
        attempt.close();
      }
    };
  }

  Mapper mapper(ExceptionMapper mapper) {
    return new Mapper(this, mapper);
  }

  /** The loop's future is known only now; its first attempt may have ended before. */
  void returned(CompletableFuture<?> future) {
    RuntimeException ended;
    synchronized (this) {
      result = future;
      ended = end;
    }
    if (ended != null) {
      future.completeExceptionally(ended);
    }
  }

  private void end(RuntimeException failure) {
    CompletableFuture<?> future;
    synchronized (this) {
      end = failure;
      future = result;
    }
    if (future != null) {
      future.completeExceptionally(failure);
    }
  }

  /** The loop's own mapper, and the end of the loop when an attempt was given up. */
  static final class Mapper implements ExceptionMapper {
    private final WatchedLoop loop;
    private final ExceptionMapper mapper;

    private Mapper(WatchedLoop loop, ExceptionMapper mapper) {
      this.loop = loop;
      this.mapper = mapper;
    }

    WatchedLoop loop() {
      return loop;
    }

    @Override
    public RuntimeException mapException(Throwable failure) {
      RuntimeException mapped = mapper.mapException(failure);
      SdkAttempt attempt = loop.latest;
      if (attempt != null && (attempt.isGivenUp() || loop.left - attempt.repetitions() < 0)) {
        loop.end(mapped);
      }
      return mapped;
    }
  }
}
