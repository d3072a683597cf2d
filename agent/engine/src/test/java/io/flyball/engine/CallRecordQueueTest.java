package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The bounded way from the application's threads to the background. */
class CallRecordQueueTest {
  private final List<CallRecord> handled =
      Collections.synchronizedList(new ArrayList<CallRecord>());
  private final ReportedErrors errors = new ReportedErrors();

  private static CallRecord record(String id, int contentBytes) {
    RequestFacts facts = RequestFacts.builder(new FakeProtocol(), Operation.CHAT, "fake").build();
    return CallRecord.builder(id, facts)
        .outcome(Outcome.SUCCESS, 200, null)
        .content(new byte[contentBytes], null)
        .build();
  }

  @Test
  void keepsTheOrderAndSurvivesAFailingSink() {
    CallRecordQueue queue =
        new CallRecordQueue(
            record -> {
              handled.add(record);
              throw new IllegalStateException("sink failed");
            },
            10,
            errors);
    queue.accept(record("1", 0));
    queue.accept(record("2", 0));
    assertThat(queue.flush(10, TimeUnit.SECONDS)).isTrue();
    assertThat(handled).extracting(CallRecord::callId).containsExactly("1", "2");
    assertThat(errors.counts()).containsEntry("records", 2L);
  }

  @Test
  void aRecordAfterAPauseWakesTheBackground() throws Exception {
    SynchronousQueue<Thread> handling = new SynchronousQueue<>();
    CallRecordQueue queue =
        new CallRecordQueue(
            record -> {
              try {
                handling.put(Thread.currentThread());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            10,
            errors);
    queue.accept(record("1", 0));
    Thread background = handling.poll(10, TimeUnit.SECONDS);
    assertThat(background).isNotNull();
    while (background.getState() != Thread.State.WAITING) {
      Thread.yield();
    }
    queue.accept(record("2", 0));
    assertThat(handling.poll(10, TimeUnit.SECONDS)).isSameAs(background);
  }

  @Test
  void dropsTheOldestAndCountsWhenTheBackgroundIsStuck() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CallRecordQueue queue = stuckQueue(3, taken, release);
    queue.accept(record("stuck", 0));
    taken.await();
    for (int i = 1; i <= 5; i++) {
      queue.accept(record("" + i, 0));
    }
    assertThat(queue.dropped()).isEqualTo(2);
    assertThat(queue.flush(1, TimeUnit.MILLISECONDS)).isFalse();
    release.countDown();
    assertThat(queue.flush(10, TimeUnit.SECONDS)).isTrue();
    assertThat(handled).extracting(CallRecord::callId).containsExactly("stuck", "3", "4", "5");
  }

  @Test
  void recordsWaitWithoutContentWhenTooMuchOfItWaits() throws Exception {
    CountDownLatch taken = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CallRecordQueue queue = stuckQueue(10, taken, release);
    queue.accept(record("stuck", 0));
    taken.await();
    queue.accept(record("fits", 20 << 20));
    queue.accept(record("too much", 20 << 20));
    queue.accept(record("fits again", 1 << 20));
    release.countDown();
    assertThat(queue.flush(10, TimeUnit.SECONDS)).isTrue();
    assertThat(handled.get(1).requestBody()).isNotNull();
    assertThat(handled.get(2).requestBody()).isNull();
    assertThat(handled.get(3).requestBody()).isNotNull();
  }

  private CallRecordQueue stuckQueue(int capacity, CountDownLatch taken, CountDownLatch release) {
    return new CallRecordQueue(
        record -> {
          handled.add(record);
          taken.countDown();
          try {
            release.await();
          } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
          }
        },
        capacity,
        errors);
  }
}
