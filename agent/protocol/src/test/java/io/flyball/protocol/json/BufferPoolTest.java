package io.flyball.protocol.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.BufferRecycler;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private final BufferPool pool = new BufferPool(2);

  @Test
  void givesBackWhatWasReturnedAndToOneAtATime() {
    BufferRecycler first = pool.acquirePooled();
    pool.releasePooled(first);

    assertThat(pool.pooledCount()).isEqualTo(1);
    assertThat(pool.acquirePooled()).isSameAs(first);
    assertThat(pool.acquirePooled()).isNotSameAs(first);
  }

  @Test
  void keepsNoMoreThanItsCapacity() {
    for (int i = 0; i < 5; i++) {
      pool.releasePooled(new BufferRecycler());
    }
    assertThat(pool.pooledCount()).isEqualTo(2);
    assertThat(pool.clear()).isTrue();
    assertThat(pool.pooledCount()).isZero();
  }
}
