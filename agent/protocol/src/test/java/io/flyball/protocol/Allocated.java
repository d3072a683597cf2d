package io.flyball.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.Callable;

/** What a piece of work allocates, which unlike its time is the same on any machine. */
public final class Allocated {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Work on an input of a size. */
  public interface Work {
    /** The work on an input that was made ready. */
    Callable<?> on(int size) throws Exception;
  }

  private Allocated() {}

  /** Four times as much of it takes no more than about four times as much. */
  public static void growsAsItsInput(String what, int size, Work work) throws Exception {
    bytes(work.on(size));
    long once = bytes(work.on(size));
    long fourTimes = bytes(work.on(4 * size));

    assertThat(fourTimes).as("bytes for four times " + once + ": " + what).isLessThan(6 * once);
  }

  private static long bytes(Callable<?> work) throws Exception {
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    Object result = work.call();
    long after = THREADS.getThreadAllocatedBytes(thread);
    assertThat(result).isNotNull();
    return after - before;
  }
}
