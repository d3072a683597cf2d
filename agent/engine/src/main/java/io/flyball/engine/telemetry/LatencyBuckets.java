package io.flyball.engine.telemetry;

/**
 * A histogram of durations with buckets that grow by a tenth, from 0.1 ms to over an hour: cheap,
 * of fixed size, and exact to ten percent.
 */
final class LatencyBuckets {
  private static final double FIRST_NANOS = 100_000;
  private static final double GROWTH = 1.1;
  private static final int COUNT = 185;

  private final long[] counts = new long[COUNT];
  private long total;

  void add(long nanos) {
    counts[bucketOf(nanos)]++;
    total++;
  }

  void addAll(LatencyBuckets other) {
    for (int i = 0; i < COUNT; i++) {
      counts[i] += other.counts[i];
    }
    total += other.total;
  }

  /** The upper bound of the bucket where that share of the durations is reached; 0 when empty. */
  long quantile(double share) {
    if (total == 0) {
      return 0;
    }
    long wanted = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int i = 0; i < COUNT; i++) {
      seen += counts[i];
      if (seen >= wanted) {
        return (long) (FIRST_NANOS * Math.pow(GROWTH, i));
      }
    }
    throw new AssertionError("the counts do not add up");
  }

  private static int bucketOf(long nanos) {
    if (nanos <= FIRST_NANOS) {
      return 0;
    }
    int bucket = (int) Math.ceil(Math.log(nanos / FIRST_NANOS) / Math.log(GROWTH));
    return Math.min(bucket, COUNT - 1);
  }
}
