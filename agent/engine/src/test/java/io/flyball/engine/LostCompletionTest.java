package io.flyball.engine;

import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.InternalErrors;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.call.Stage;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.wire.Body;
import io.flyball.wire.BodyInputStream;
import io.flyball.wire.Completions;
import io.flyball.wire.GovernedCall;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import org.junit.jupiter.api.Test;

/**
 * Whatever is thrown where: the caller ends, with its answer or with a failure, and what failed in
 * us before anything was sent costs it nothing.
 */
class LostCompletionTest {
  private static final ExecutorService CALLERS = Executors.newCachedThreadPool();
  private static final ExecutorService CLIENT = Executors.newFixedThreadPool(2);

  @AfterContainer
  static void stop() {
    CALLERS.shutdownNow();
    CLIENT.shutdownNow();
  }

  /** Where something is thrown. */
  enum Point {
    STAGE_BEFORE,
    STAGE_AFTER,
    STAGE_AFTER_ON_ANOTHER_THREAD,
    STAGE_GIVES_NULL,
    TRANSPORT,
    TRANSPORT_LATER,
    BODY_READ,
    BODY_READ_LATER,
    BODY_CLOSE,
    EXECUTOR,
    SINK,
    ERRORS,
    ERRORS_AND_STAGE
  }

  @Provide
  Arbitrary<Throwable> thrown() {
    return Arbitraries.of(
        new OutOfMemoryError("injected"),
        new StackOverflowError("injected"),
        new NoClassDefFoundError("injected"),
        new IllegalStateException("injected"),
        new RejectedExecutionException("injected"),
        new IOException("injected"));
  }

  @Property(tries = 600)
  void everyCallEnds(
      @ForAll Point point,
      @ForAll("thrown") Throwable thrown,
      @ForAll boolean blocking,
      @ForAll boolean streamed,
      @ForAll boolean governs)
      throws Exception {
    Scene scene = new Scene(point, thrown, streamed, governs);
    Object outcome =
        within(
            () -> {
              try {
                return scene.run(blocking);
              } catch (Throwable failure) {
                return failure;
              }
            });
    if (scene.costsNothing()) {
      assertThat(outcome).as("%s, %s", point, thrown).isEqualTo(scene.whole());
    }
  }

  private static <T> T within(Callable<T> call) throws Exception {
    try {
      return CALLERS.submit(call).get(20, TimeUnit.SECONDS);
    } catch (TimeoutException lost) {
      throw new AssertionError("a completion was lost", lost);
    } catch (ExecutionException failed) {
      throw new AssertionError(failed.getCause());
    }
  }

  @Test
  void aRoundThatThrowsEndsTheLoopWithIt() {
    OutOfMemoryError thrown = new OutOfMemoryError("injected");
    CompletableFuture<String> result = new CompletableFuture<>();
    CompletableFuture<String> later = new CompletableFuture<>();
    Completions.repeat(
        () -> later,
        (value, failure) -> {
          if (failure != null) {
            result.completeExceptionally(failure);
            return false;
          }
          throw thrown;
        });
    later.complete("one");
    assertThat(Completions.failureOf(result)).isSameAs(thrown);
  }

  @Test
  void aTaskThatThrowsOnTheCallersThreadEndsTheCall() throws Exception {
    OutOfMemoryError thrown = new OutOfMemoryError("injected");
    CallerThread[] caller = new CallerThread[1];
    CompletableFuture<String> never = new CompletableFuture<>();
    CompletableFuture<Void> ready = new CompletableFuture<>();
    CompletableFuture<Object> outcome = new CompletableFuture<>();
    CALLERS.execute(
        () -> {
          caller[0] = new CallerThread(null);
          ready.complete(null);
          try {
            outcome.complete(caller[0].await(never, () -> {}));
          } catch (Throwable failure) {
            outcome.complete(failure);
          }
        });
    ready.get();
    caller[0].execute(
        () -> {
          throw thrown;
        });
    assertThat(outcome.get(20, TimeUnit.SECONDS)).isSameAs(thrown);
  }

  /** One call with one thing that breaks, once. */
  private static final class Scene {
    private final Point point;
    private final Throwable thrown;
    private final boolean streamed;
    private final AtomicBoolean broken = new AtomicBoolean();
    private final Engine engine;

    Scene(Point point, Throwable thrown, boolean streamed, boolean governs) {
      this.point = point;
      this.thrown = thrown;
      this.streamed = streamed;
      List<Stage> stages =
          governs ? Arrays.asList(this::breaks, this::passesOn) : Arrays.asList(this::breaks);
      InternalErrors errors =
          (place, failure) -> {
            if (point == Point.ERRORS_AND_STAGE || point == Point.ERRORS) {
              throw new OutOfMemoryError("no memory to say so");
            }
          };
      Policies policies =
          governs
              ? Policies.builder()
                  .retry(
                      2,
                      new Backoff(1, 1),
                      new RetryBudget(io.flyball.engine.call.TimeSource.SYSTEM))
                  .streamRecovery(StreamRecovery.SPLICE)
                  .build()
              : Policies.NONE;
      engine =
          Engine.builder(
                  EngineSettings.builder(new FakeProtocol())
                      .addedStages(stages)
                      .policies(policies)
                      .build(),
                  record -> breakAt(Point.SINK),
                  errors)
              .build();
    }

    /** Whether it breaks in us, and before the request is sent or beside its way. */
    boolean costsNothing() {
      return point == Point.STAGE_BEFORE
          || point == Point.STAGE_GIVES_NULL
          || point == Point.SINK
          || point == Point.ERRORS
          || point == Point.ERRORS_AND_STAGE;
    }

    String whole() {
      return streamed ? "data: hi\n\ndata: done\n\n" : "hi\n\ndone\n\n";
    }

    private void breakAt(Point here) {
      boolean both = point == Point.ERRORS_AND_STAGE && here == Point.STAGE_BEFORE;
      if ((point == here || both) && broken.compareAndSet(false, true)) {
        throw Completions.<RuntimeException>sneakyThrow(thrown);
      }
    }

    private CompletionStage<WireResponse> passesOn(
        io.flyball.engine.call.ModelCall call, Stage.Next next) {
      return next.proceed(call);
    }

    private CompletionStage<WireResponse> breaks(
        io.flyball.engine.call.ModelCall call, Stage.Next next) {
      breakAt(Point.STAGE_BEFORE);
      if (point == Point.STAGE_GIVES_NULL) {
        return null;
      }
      CompletionStage<WireResponse> outcome = next.proceed(call);
      if (point == Point.STAGE_AFTER_ON_ANOTHER_THREAD) {
        CompletableFuture<WireResponse> later = new CompletableFuture<>();
        CLIENT.execute(() -> Completions.forward(outcome, later));
        return Completions.then(later, this::afterwards);
      }
      return Completions.then(outcome, this::afterwards);
    }

    private CompletionStage<WireResponse> afterwards(WireResponse response, Throwable failure) {
      breakAt(Point.STAGE_AFTER);
      breakAt(Point.STAGE_AFTER_ON_ANOTHER_THREAD);
      return failure == null ? Completions.completed(response) : Completions.failed(failure);
    }

    private CompletionStage<WireResponse> send() {
      breakAt(Point.TRANSPORT);
      CompletableFuture<WireResponse> head = new CompletableFuture<>();
      if (point == Point.TRANSPORT_LATER) {
        CLIENT.execute(
            () ->
                Completions.orFail(
                    head,
                    () -> {
                      breakAt(Point.TRANSPORT_LATER);
                      head.complete(response());
                    }));
      } else {
        head.complete(response());
      }
      return head;
    }

    private WireResponse response() {
      Pieces pieces =
          streamed
              ? Pieces.of("data: hi\n\n", "data: done\n\n", null)
              : Pieces.of("hi\n\n", "done\n\n", null);
      Body body = new Breaking(pieces);
      return streamed ? stream(body) : answer(200, "application/json", body);
    }

    Object run(boolean blocking) throws Exception {
      GovernedCall call = engine.open(EngineHarness.request(streamed ? "ask stream+usage" : "ask"));
      WireResponse response =
          blocking
              ? call.execute((request, cancellation) -> send())
              : call.executeAsync(
                      (request, cancellation) -> send(),
                      task -> {
                        breakAt(Point.EXECUTOR);
                        CLIENT.execute(task);
                      })
                  .toCompletableFuture()
                  .get(15, TimeUnit.SECONDS);
      StringBuilder all = new StringBuilder();
      try (BodyInputStream in = new BodyInputStream(response.body())) {
        for (int next = in.read(); next >= 0; next = in.read()) {
          all.append((char) next);
        }
      }
      return all.toString();
    }

    /** A body that breaks at its second read. */
    private final class Breaking implements Body {
      private final Body body;
      private int reads;

      Breaking(Body body) {
        this.body = body;
      }

      @Override
      public CompletionStage<ByteBuffer> read() {
        if (++reads == 2) {
          breakAt(Point.BODY_READ);
          if (point == Point.BODY_READ_LATER) {
            CompletableFuture<ByteBuffer> later = new CompletableFuture<>();
            CLIENT.execute(
                () ->
                    Completions.orFail(
                        later,
                        () -> {
                          breakAt(Point.BODY_READ_LATER);
                          Completions.forward(body.read(), later);
                        }));
            return later;
          }
        }
        return body.read();
      }

      @Override
      public void close() {
        body.close();
        breakAt(Point.BODY_CLOSE);
      }
    }
  }
}
