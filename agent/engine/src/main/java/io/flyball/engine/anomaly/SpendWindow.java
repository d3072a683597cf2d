package io.flyball.engine.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;

/**
 * What was spent within a span that slides in steps of a tenth, and the most that ever was in the
 * last eight days while nothing was wrong: that says how bursty the spending is. The dearest call
 * of a span never counts: one call is no anomaly. Not thread safe.
 */
final class SpendWindow {
  private static final int STEPS = 10;
  private static final int DAYS = 8;
  private static final long DAY_MILLIS = 86_400_000L;

  private final long millis;
  private final double beyond;
  private final double[] sums = new double[STEPS];
  private final double[] largest = new double[STEPS];
  private final double[] highest = new double[STEPS];
  private final double[] refused = new double[STEPS];
  private final int[] calls = new int[STEPS];
  private final float[] peaks = new float[DAYS];
  private final float[] tops = new float[DAYS];
  private long step;
  private long day;
  private double firstTop;
  private double wrongTop;
  private long firstTopUntil;

  /**
   * @param millis how long the span is
   * @param beyond how many times the highest so far is too much
   */
  SpendWindow(long millis, double beyond, long now) {
    this.millis = millis;
    this.beyond = beyond;
    this.step = now * STEPS / millis;
    this.day = now / DAY_MILLIS;
  }

  long millis() {
    return millis;
  }

  /** Takes the cost of one more call; time has been let pass before. */
  void add(double amount) {
    int at = (int) (step % STEPS);
    sums[at] += amount;
    largest[at] = Math.max(largest[at], amount);
    calls[at]++;
    highest[at] = Math.max(highest[at], spent());
  }

  /** A call that was refused would have cost about that. */
  void addRefused(double amount) {
    refused[(int) (step % STEPS)] += amount;
  }

  /** Whether the present step is over. */
  boolean isBefore(long now) {
    return now * STEPS / millis > step;
  }

  /**
   * Lets time pass.
   *
   * @param usual in such a window, until now
   * @param known whether enough is known for that to be trusted
   * @param wrong whether what is spent now is no example
   */
  void moveTo(long now, double usual, boolean known, boolean wrong) {
    long target = now * STEPS / millis;
    long toEmpty = Math.min(target - step, STEPS);
    for (long i = 1; i <= toEmpty; i++) {
      leave((int) ((step + i) % STEPS), usual, known, wrong);
    }
    step = Math.max(step, target);
    long today = now / DAY_MILLIS;
    for (long next = Math.max(day + 1, today - DAYS + 1); next <= today; next++) {
      peaks[(int) (next % DAYS)] = 0;
      tops[(int) (next % DAYS)] = 0;
    }
    day = Math.max(day, today);
  }

  /** How high it went becomes an example once it has passed without being an anomaly. */
  private void leave(int at, double usual, boolean known, boolean wrong) {
    double high = highest[at];
    if (wrong) {
      wrongTop = Math.max(wrongTop, high);
    } else if (high > 0) {
      int today = (int) (day % DAYS);
      tops[today] = (float) Math.max(tops[today], high);
      if (!known) {
        // What is usual at which hour is not known yet, so the amount itself has to do.
        firstTop = Math.max(firstTop, high);
        firstTopUntil = day + DAYS;
      } else if (usual > 0) {
        peaks[today] = (float) Math.max(peaks[today], high / usual);
      }
    }
    sums[at] = 0;
    largest[at] = 0;
    highest[at] = 0;
    refused[at] = 0;
    calls[at] = 0;
  }

  /** In the span that ends now, without its dearest call. */
  double spent() {
    double sum = 0;
    double most = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += sums[i];
      most = Math.max(most, largest[i]);
    }
    return Math.max(0, sum - most);
  }

  /** The same with what refused calls would have cost. */
  double wanted() {
    double sum = spent();
    for (double each : refused) {
      sum += each;
    }
    return sum;
  }

  /** What calls of the span cost on the average; 0 when there are none. */
  double meanCall() {
    double sum = 0;
    int count = 0;
    for (int i = 0; i < STEPS; i++) {
      sum += sums[i];
      count += calls[i];
    }
    return count == 0 ? 0 : sum / count;
  }

  /**
   * What is too much.
   *
   * @param usual in such a window, at this time
   * @param factor of the usual
   * @param doubt 0 when very much is known
   */
  double limit(double usual, double factor, double doubt) {
    double first = day < firstTopUntil ? firstTop : 0;
    return Math.max(usual * factor, (beyond + doubt) * Math.max(usual * max(peaks), first));
  }

  /** The most that was spent when nothing was wrong. */
  double top() {
    return max(tops);
  }

  /** What led to an anomaly is no example. */
  void forgetPresent() {
    for (double high : highest) {
      wrongTop = Math.max(wrongTop, high);
    }
    Arrays.fill(highest, 0);
  }

  /** What was wrong until now was none after all: it is an example. */
  void learnFromWrong(double usual) {
    int today = (int) (day % DAYS);
    tops[today] = (float) Math.max(tops[today], wrongTop);
    if (usual > 0) {
      peaks[today] = (float) Math.max(peaks[today], wrongTop / usual);
    }
    wrongTop = 0;
  }

  /** Forgets all examples. */
  void forgetPast() {
    forgetPresent();
    Arrays.fill(peaks, 0);
    Arrays.fill(tops, 0);
    firstTop = 0;
    wrongTop = 0;
  }

  /** Writes the examples, not what is under way. */
  void write(DataOutput out) throws IOException {
    for (int i = 0; i < DAYS; i++) {
      out.writeFloat(peaks[i]);
      out.writeFloat(tops[i]);
    }
    out.writeLong(day);
    out.writeDouble(firstTop);
    out.writeLong(firstTopUntil);
  }

  /** Takes over what was written. */
  void read(DataInput in) throws IOException {
    for (int i = 0; i < DAYS; i++) {
      peaks[i] = in.readFloat();
      tops[i] = in.readFloat();
    }
    day = Math.min(day, in.readLong());
    firstTop = in.readDouble();
    firstTopUntil = in.readLong();
  }

  private static double max(float[] values) {
    float max = 0;
    for (float value : values) {
      max = Math.max(max, value);
    }
    return max;
  }
}
