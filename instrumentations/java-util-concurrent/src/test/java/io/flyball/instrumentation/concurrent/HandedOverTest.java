package io.flyball.instrumentation.concurrent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What is remembered of tasks until they begin. */
class HandedOverTest {
  private final HandedOver handedOver = new HandedOver();

  @Test
  void eachRunTakesOne() {
    Object task = new Object();
    handedOver.add(task, "acme");
    handedOver.add(task, "acme");

    assertThat(handedOver.take(new Object())).isNull();
    assertThat(handedOver.take(task)).isEqualTo("acme");
    assertThat(handedOver.take(task)).isEqualTo("acme");
    assertThat(handedOver.take(task)).isNull();
    assertThat(handedOver.size()).isZero();
  }

  @Test
  void tasksAreKnownByIdentity() {
    String task = new String("task");
    String equal = new String("task");
    handedOver.add(task, "acme");
    handedOver.add(equal, "globex");

    assertThat(handedOver.take(equal)).isEqualTo("globex");
    assertThat(handedOver.take(task)).isEqualTo("acme");
  }

  @Test
  void whatWasGivenForDifferentThingsIsForNoneUntilAllRunsAreOver() {
    Object task = new Object();
    handedOver.add(task, "acme");
    handedOver.add(task, "globex");
    assertThat(handedOver.take(task)).isNull();
    handedOver.add(task, null);
    assertThat(handedOver.take(task)).isNull();
    assertThat(handedOver.take(task)).isNull();

    handedOver.add(task, "acme");
    assertThat(handedOver.take(task)).isEqualTo("acme");
  }

  @Test
  void givenForNothingAloneItIsNotRemembered() {
    handedOver.add(new Object(), null);
    assertThat(handedOver.size()).isZero();
  }

  @Test
  void tasksThatAreNeverRunAreForgotten() {
    for (int i = 0; i < 100; i++) {
      handedOver.add(new Object(), "acme");
    }
    Object last = new Object();
    await()
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              System.gc();
              handedOver.add(last, "acme");
              handedOver.take(last);
              return handedOver.size() == 0;
            });
  }
}
