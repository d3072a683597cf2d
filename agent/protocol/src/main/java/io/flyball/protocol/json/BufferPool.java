package io.flyball.protocol.json;

import com.fasterxml.jackson.core.util.BufferRecycler;
import com.fasterxml.jackson.core.util.RecyclerPool;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A bounded pool without locks: buffers are taken while an answer's monitor is held, and a virtual
 * thread that waited for a lock there would keep its carrier. Jackson's bounded pool has a lock,
 * its others have no bound.
 */
final class BufferPool implements RecyclerPool<BufferRecycler> {
  private static final long serialVersionUID = 1;

  private final AtomicReferenceArray<BufferRecycler> kept;

  /**
   * @param capacity how many buffers are kept while nobody uses them
   */
  BufferPool(int capacity) {
    this.kept = new AtomicReferenceArray<>(capacity);
  }

  @Override
  public BufferRecycler acquirePooled() {
    for (int i = 0; i < kept.length(); i++) {
      BufferRecycler pooled = kept.get(i) == null ? null : kept.getAndSet(i, null);
      if (pooled != null) {
        return pooled;
      }
    }
    return new BufferRecycler();
  }

  @Override
  public void releasePooled(BufferRecycler pooled) {
    for (int i = 0; i < kept.length(); i++) {
      if (kept.get(i) == null && kept.compareAndSet(i, null, pooled)) {
        return;
      }
    }
  }

  @Override
  public int pooledCount() {
    int count = 0;
    for (int i = 0; i < kept.length(); i++) {
      count += kept.get(i) == null ? 0 : 1;
    }
    return count;
  }

  @Override
  public boolean clear() {
    for (int i = 0; i < kept.length(); i++) {
      kept.set(i, null);
    }
    return true;
  }
}
