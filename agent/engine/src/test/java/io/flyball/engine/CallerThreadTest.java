package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InterruptedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that one thread begins and another one ends. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class CallerThreadTest {
  private static final long LONG = TimeUnit.MINUTES.toNanos(1);

  private final CompletableFuture<String> result = new CompletableFuture<>();
  private final CallerThread call = new CallerThread(null);
  private final List<String> done = new ArrayList<>();

  @Test
  void workWaitsForWhoComesNext() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    call.execute(() -> enough.set(true));
    call.workUntil(enough::get, LONG, result);

    assertThat(call.isCurrent()).isFalse();
    call.execute(() -> done.add("between"));
    assertThat(done).isEmpty();

    Thread[] reader = new Thread[1];
    CompletableFuture<String> awaited = new CompletableFuture<>();
    reader[0] =
        new Thread(
            () -> {
              call.execute(
                  () -> {
                    done.add(Thread.currentThread() == reader[0] ? "here" : "elsewhere");
                    result.complete("answer");
                  });
              try {
                awaited.complete(call.await(result, () -> done.add("first")));
              } catch (Exception failure) {
                awaited.completeExceptionally(failure);
              }
            });
    reader[0].start();
    assertThat(awaited.get()).isEqualTo("answer");
    assertThat(done).containsExactly("first", "between", "here");
  }

  @Test
  void aWaitThatOneHasBegunIsTheNextOnes() throws Exception {
    AtomicBoolean enough = new AtomicBoolean();
    call.execute(
        () -> {
          call.executeAfter(1, () -> result.complete("later"), null);
          enough.set(true);
        });
    call.workUntil(enough::get, LONG, result);
    assertThat(call.await(result, () -> {})).isEqualTo("later");
  }

  @Test
  void beginningEndsWithTheResultTheTimeOrAnInterruption() throws Exception {
    call.workUntil(() -> false, 1, result);
    Thread.currentThread().interrupt();
    new CallerThread(null).workUntil(() -> false, LONG, result);
    assertThat(Thread.interrupted()).isTrue();
    CallerThread other = new CallerThread(null);
    other.execute(() -> result.complete("done"));
    other.workUntil(() -> false, LONG, result);
    assertThat(call.await(result, () -> {})).isEqualTo("done");
  }

  @Test
  void whoComesForTheAnswerIsInterruptedLikeAnyCaller() {
    call.workUntil(() -> true, LONG, result);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> call.await(result, () -> {}))
        .isInstanceOf(InterruptedIOException.class);
    assertThat(Thread.interrupted()).isTrue();
  }
}
