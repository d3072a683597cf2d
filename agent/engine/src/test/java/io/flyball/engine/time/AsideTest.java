package io.flyball.engine.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Work done on another thread in place of one that waits for it. */
class AsideTest {
  private static final CountDownLatch NEVER = new CountDownLatch(1);

  @Test
  void whatComesOfItIsHandedOver() {
    Thread here = Thread.currentThread();

    assertThat(Aside.call(Thread::currentThread, 10, TimeUnit.SECONDS)).isNotSameAs(here);
    assertThatThrownBy(
            () ->
                Aside.inPlaceOfThisThread(
                    () -> {
                      throw new IOException("as it is");
                    }))
        .isExactlyInstanceOf(IOException.class);
  }

  @Test
  void anInterruptionOfWhoWaitsIsOneOfTheWork() {
    Thread.currentThread().interrupt();

    assertThatThrownBy(() -> Aside.inPlaceOfThisThread(() -> NEVER.await(10, TimeUnit.SECONDS)))
        .isInstanceOf(InterruptedException.class);
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void anInterruptionThatNobodyHeedsStays() {
    Thread.currentThread().interrupt();

    assertThat(Aside.call(() -> "done", 10, TimeUnit.SECONDS)).isEqualTo("done");
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(Uninterrupted.await(NEVER, 1, TimeUnit.MILLISECONDS)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatTakesTooLongIsNotWaitedFor() {
    assertThatThrownBy(
            () -> Aside.call(() -> NEVER.await(1, TimeUnit.SECONDS), 1, TimeUnit.MILLISECONDS))
        .isInstanceOf(RejectedExecutionException.class);
  }
}
