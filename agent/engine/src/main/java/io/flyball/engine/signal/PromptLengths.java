package io.flyball.engine.signal;

import java.util.Arrays;

/**
 * The lengths of prompts as they used to be and as they are. Medians do not mind a few huge
 * prompts; whether the difference of two is more than chance is told by how many of the latest
 * prompts are longer than twice the earlier median, and how many of the earlier ones were. Not
 * thread safe.
 */
final class PromptLengths {
  private static final int LATEST = 100;
  private static final int EARLIER = 400;
  private static final int LEAST_EARLIER = 100;

  /** How often is looked: every so many calls. */
  private static final int STRIDE = 20;

  /** A little less than twice, since half of the medians of doubled prompts are less. */
  private static final double GROWN = 1.8;

  /** In standard deviations: once in some hundred thousand looks by chance. */
  private static final double SURE = 4.5;

  private final long[] latest = new long[LATEST];
  private final long[] earlier = new long[EARLIER];
  private int latestCount;
  private int earlierCount;
  private int next;
  private int sinceLook;
  private long before;
  private long now;

  /** Takes one more prompt; whether that shows that they have grown. */
  boolean add(long tokens) {
    if (latestCount == LATEST) {
      if (earlierCount < EARLIER) {
        earlier[earlierCount++] = latest[next];
      }
    } else {
      latestCount++;
    }
    latest[next] = tokens;
    next = (next + 1) % LATEST;
    sinceLook++;
    if (earlierCount < LEAST_EARLIER || sinceLook < STRIDE) {
      return false;
    }
    sinceLook = 0;
    before = median(earlier, earlierCount);
    now = median(latest, LATEST);
    if (now * GROWN <= before && isMore(earlier, earlierCount, latest, LATEST, now * GROWN)) {
      // They have become shorter: that is what they will grow from.
      startAnew();
      return false;
    }
    return now >= before * GROWN && isMore(latest, LATEST, earlier, earlierCount, before * GROWN);
  }

  /** In tokens; 0 while too little is known. */
  long before() {
    return before;
  }

  /** In tokens; 0 while too little is known. */
  long now() {
    return now;
  }

  /** The latest prompts are the normal ones from now on. */
  void startAnew() {
    System.arraycopy(latest, 0, earlier, 0, LATEST);
    earlierCount = LATEST;
    latestCount = 0;
    next = 0;
    // Not before there are as many new ones.
    sinceLook = STRIDE - LATEST;
    before = 0;
    now = 0;
  }

  private static long median(long[] values, int count) {
    long[] sorted = Arrays.copyOf(values, count);
    Arrays.sort(sorted);
    return sorted[count / 2];
  }

  /** Whether more of one sample than of the other exceed a length, beyond chance. */
  private static boolean isMore(
      long[] one, int oneCount, long[] other, int otherCount, double length) {
    // One more of each, so that nothing is impossible only because it was not seen.
    double expected = (above(other, otherCount, length) + 1.0) / (otherCount + 2.0);
    double variance = expected * (1 - expected) * (1.0 / oneCount + 1.0 / otherCount);
    double share = (double) above(one, oneCount, length) / oneCount;
    return share - expected > SURE * Math.sqrt(variance);
  }

  private static int above(long[] values, int count, double length) {
    int above = 0;
    for (int i = 0; i < count; i++) {
      above += values[i] > length ? 1 : 0;
    }
    return above;
  }
}
