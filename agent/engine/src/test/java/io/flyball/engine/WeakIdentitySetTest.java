package io.flyball.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WeakIdentitySetTest {
  private final WeakIdentitySet<Object> set = new WeakIdentitySet<>();

  @Test
  void knowsTheSameObjectAndNoEqualOne() {
    String member = new String("member");
    set.add(member);
    assertThat(set.contains(member)).isTrue();
    assertThat(set.contains(new String("member"))).isFalse();
  }

  @Test
  void keepsNothingAlive() {
    WeakReference<Object> member = addedAndForgotten();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (member.get() != null) {
      assertThat(System.nanoTime()).as("collected").isLessThan(deadline);
      System.gc();
    }
  }

  private WeakReference<Object> addedAndForgotten() {
    Object member = new Object();
    set.add(member);
    return new WeakReference<>(member);
  }
}
