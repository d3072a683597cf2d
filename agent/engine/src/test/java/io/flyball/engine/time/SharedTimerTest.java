package io.flyball.engine.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedTimerTest {
  private static final long LATER = TimeUnit.HOURS.toNanos(1);

  private final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
  private final SharedTimer timer = new SharedTimer((place, failure) -> errors.add(failure));

  @AfterEach
  void close() {
    timer.close();
  }

  @Test
  void whatIsDueEarlierIsNotKeptWaitingByWhatIsDueLater() throws Exception {
    timer.schedule(LATER, () -> {});
    CompletableFuture<Void> ran = new CompletableFuture<>();
    timer.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> ran.complete(null));
    ran.get(1, TimeUnit.MINUTES);
  }

  @Test
  void wakesForWhatIsLeftWhenTheEarliestWasTakenBack() throws Exception {
    Timer.Scheduled first = timer.schedule(TimeUnit.MILLISECONDS.toNanos(20), () -> {});
    CompletableFuture<Void> ran = new CompletableFuture<>();
    timer.schedule(TimeUnit.MILLISECONDS.toNanos(60), () -> ran.complete(null));
    first.cancel();
    ran.get(1, TimeUnit.MINUTES);
  }

  @Test
  void workThatComesWhenNothingIsLeftIsDone() throws Exception {
    for (int i = 0; i < 50; i++) {
      CompletableFuture<Void> ran = new CompletableFuture<>();
      timer.schedule(i % 2 == 0 ? 0 : 100_000, () -> ran.complete(null));
      ran.get(1, TimeUnit.MINUTES);
    }
  }

  @Test
  void theTimesOfAnHourAndOfForEverCanStandSideBySide() throws Exception {
    timer.schedule(Long.MAX_VALUE, () -> errors.add(new AssertionError("for ever is over")));
    timer.schedule(LATER, () -> errors.add(new AssertionError("an hour is over")));
    CompletableFuture<Void> ran = new CompletableFuture<>();
    timer.schedule(1, () -> ran.complete(null));
    ran.get(1, TimeUnit.MINUTES);
    assertThat(errors).isEmpty();
  }

  @Test
  void everyTaskRunsOnceAndNoneThatWasTakenBack() throws Exception {
    Random random = new Random(7);
    int count = 2_000;
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    List<Integer> delays = new ArrayList<>();
    List<Timer.Scheduled> takenBack = new ArrayList<>();
    CountDownLatch left = new CountDownLatch(count);
    CountDownLatch allIn = holdTheThread();
    for (int i = 0; i < count; i++) {
      int delay = random.nextInt(500);
      delays.add(delay);
      timer.schedule(
          TimeUnit.MICROSECONDS.toNanos(delay * 100L),
          () -> {
            ran.add(delay);
            left.countDown();
          });
      takenBack.add(
          timer.schedule(
              TimeUnit.MICROSECONDS.toNanos(random.nextInt(500) * 100L),
              () -> errors.add(new AssertionError("taken back"))));
    }
    Collections.shuffle(takenBack, random);
    takenBack.forEach(Timer.Scheduled::cancel);
    takenBack.forEach(Timer.Scheduled::cancel);
    allIn.countDown();
    assertThat(left.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(errors).isEmpty();
    assertThat(ran).hasSameSizeAs(delays).containsExactlyInAnyOrderElementsOf(delays);
  }

  @Test
  void theEarlierTaskRunsFirst() throws Exception {
    Random random = new Random(11);
    CountDownLatch allIn = holdTheThread();
    List<Integer> ran = Collections.synchronizedList(new ArrayList<>());
    int count = 500;
    CountDownLatch left = new CountDownLatch(count);
    for (int i = 0; i < count; i++) {
      // Steps of a second, some of them past: what lies between two calls of this loop does not
      // count.
      int second = random.nextInt(1_000) - 1_000;
      timer.schedule(
          TimeUnit.SECONDS.toNanos(second),
          () -> {
            ran.add(second);
            left.countDown();
          });
    }
    allIn.countDown();
    assertThat(left.await(1, TimeUnit.MINUTES)).isTrue();
    assertThat(ran).isSorted();
  }

  @Test
  void aTaskThatFailsIsReportedAndTheNextOneRuns() throws Exception {
    IllegalStateException broken = new IllegalStateException("broken");
    timer.schedule(
        0,
        () -> {
          throw broken;
        });
    CompletableFuture<Void> ran = new CompletableFuture<>();
    timer.schedule(1, () -> ran.complete(null));
    ran.get(1, TimeUnit.MINUTES);
    assertThat(errors).containsExactly(broken);
  }

  @Test
  void aClosedTimerRunsNothingAndTakesNothing() throws Exception {
    CompletableFuture<Thread> thread = new CompletableFuture<>();
    timer.schedule(0, () -> thread.complete(Thread.currentThread()));
    Thread itsThread = thread.get(1, TimeUnit.MINUTES);
    Timer.Scheduled later = timer.schedule(LATER, () -> {});
    timer.close();
    itsThread.join(TimeUnit.MINUTES.toMillis(1));
    assertThat(itsThread.isAlive()).isFalse();
    later.cancel();
    assertThatThrownBy(() -> timer.schedule(0, () -> {}))
        .isInstanceOf(RejectedExecutionException.class);
  }

  /** One task that runs until the latch is released. */
  private CountDownLatch holdTheThread() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch held = new CountDownLatch(1);
    timer.schedule(
        0,
        () -> {
          held.countDown();
          await(release);
        });
    assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
    return release;
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
