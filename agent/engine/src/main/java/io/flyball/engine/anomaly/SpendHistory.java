package io.flyball.engine.anomaly;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.BitSet;

/**
 * What one key spends now and has spent in the last eight days. Medians of the same hour of earlier
 * days say what is usual, so that neither nights nor growth nor a wild hour matter. What was spent
 * while something was wrong is not remembered as usual. Looked at through two windows: the short
 * one finds what is grave soon, the long one what hides in the noise of few or bursty calls. Not
 * thread safe.
 */
final class SpendHistory {
  /** How many windows there are. */
  static final int WINDOWS = 2;

  /** By how much the second window is longer. */
  static final int LONGER = 6;

  private static final double BEYOND_IN_SHORT = 2;
  private static final double BEYOND_IN_LONG = 3;
  private static final double DOUBT = 60;

  private static final int HOURS_OF_DAY = 24;
  private static final int DAYS = 8;
  private static final int HOURS = DAYS * HOURS_OF_DAY;
  private static final int HOURS_OF_WEEK = 7 * HOURS_OF_DAY;
  private static final long HOUR_MILLIS = 3_600_000L;
  private static final int RECENT_HOURS = 3;
  private static final int LEAST_ACTIVE_HOURS = 6;

  /** What happens so often within the days that are remembered is how it is. */
  private static final int OFTEN = 3;

  private final long historyMillis;
  private final SpendWindow[] windows;
  private final float[] hours = new float[HOURS];
  private final BitSet wrong = new BitSet(HOURS);
  private long firstHour;
  private long firstMillis;
  private long hour;
  private final long[] disturbedAt = new long[OFTEN];
  private int disturbances;
  private boolean disturbed;
  private double usualPerHour = -1;
  private int activeHours;

  /**
   * @param windowMillis over which spending is summed, the short one
   * @param historyMillis how much past it takes to judge
   * @param now milliseconds since the epoch, as all times here
   */
  SpendHistory(long windowMillis, long historyMillis, long now) {
    this.historyMillis = historyMillis;
    this.windows =
        new SpendWindow[] {
          new SpendWindow(windowMillis, BEYOND_IN_SHORT, now),
          new SpendWindow(windowMillis * LONGER, BEYOND_IN_LONG, now)
        };
    this.firstMillis = now;
    this.hour = now / HOUR_MILLIS;
    this.firstHour = hour;
    Arrays.fill(hours, Float.NaN);
    hours[index(hour)] = 0;
  }

  /** By number: 0 is the short one. */
  SpendWindow window(int number) {
    return windows[number];
  }

  /** Takes the cost of one more call. */
  void add(double amount, long now) {
    moveTo(now);
    hours[index(hour)] += (float) amount;
    for (SpendWindow window : windows) {
      window.add(amount);
    }
  }

  /** A call that was refused would have cost about that. */
  void addRefused(double amount, long now) {
    moveTo(now);
    for (SpendWindow window : windows) {
      window.addRefused(amount);
    }
  }

  /** Lets time pass. */
  void moveTo(long now) {
    for (SpendWindow window : windows) {
      if (window.isBefore(now)) {
        window.moveTo(now, usual(window), isKnown(now), disturbed);
      }
    }
    long toHour = now / HOUR_MILLIS;
    if (toHour <= hour) {
      return;
    }
    for (long each = Math.max(hour + 1, toHour - HOURS + 1); each <= toHour; each++) {
      hours[index(each)] = 0;
      wrong.set(index(each), disturbed);
    }
    hour = toHour;
    usualPerHour = -1;
  }

  /** Whether enough is known to judge by the past. */
  boolean isKnown(long now) {
    return now - firstMillis >= historyMillis && activeHours() >= LEAST_ACTIVE_HOURS;
  }

  /** Hours with spending that are remembered. */
  int activeHours() {
    usualPerHour();
    return activeHours;
  }

  /** What is too much in that window. */
  double limit(SpendWindow window, double factor) {
    return window.limit(usual(window), factor, DOUBT / Math.max(1, activeHours()));
  }

  /** What is usually spent in that window at this time. */
  double usual(SpendWindow window) {
    return usualPerHour() * window.millis() / HOUR_MILLIS;
  }

  /** From the present hour on something is wrong, or no longer. */
  void disturbed(boolean now) {
    disturbed = now;
    usualPerHour = -1;
    if (now) {
      wrong.set(index(hour));
      for (SpendWindow window : windows) {
        window.forgetPresent();
      }
      disturbedAt[disturbances++ % OFTEN] = hour;
    } else if (disturbances >= OFTEN && hour - disturbedAt[disturbances % OFTEN] < HOURS) {
      disturbances = 0;
      for (SpendWindow window : windows) {
        window.learnFromWrong(usual(window));
      }
    }
  }

  /** How it has been since then is how it is: everything before is forgotten. */
  void startAnew(long since) {
    wrong.clear();
    for (SpendWindow window : windows) {
      window.forgetPast();
    }
    firstHour = since / HOUR_MILLIS;
    firstMillis = since;
    disturbed = false;
    disturbances = 0;
    usualPerHour = -1;
  }

  /** Writes what is known of the past, for {@link #read}. */
  void write(DataOutput out) throws IOException {
    out.writeLong(firstHour);
    out.writeLong(firstMillis);
    out.writeLong(hour);
    for (int i = 0; i < HOURS; i++) {
      out.writeFloat(hours[i]);
      out.writeBoolean(wrong.get(i));
    }
    for (SpendWindow window : windows) {
      window.write(out);
    }
  }

  /** Takes over what was written; nothing is known of the hours between. */
  void read(DataInput in) throws IOException {
    firstHour = in.readLong();
    firstMillis = in.readLong();
    long until = in.readLong();
    for (int i = 0; i < HOURS; i++) {
      hours[i] = in.readFloat();
      wrong.set(i, in.readBoolean());
    }
    for (SpendWindow window : windows) {
      window.read(in);
    }
    if (until > hour) {
      throw new IOException("it is from the future");
    }
    for (long each = Math.max(until + 1, hour - HOURS + 1); each <= hour; each++) {
      hours[index(each)] = Float.NaN;
      wrong.clear(index(each));
    }
    if (until < hour) {
      hours[index(hour)] = 0;
    }
    usualPerHour = -1;
  }

  /** Since when it is watched. */
  long since() {
    return firstMillis;
  }

  private double usualPerHour() {
    if (usualPerHour < 0) {
      usualPerHour = computeUsual();
    }
    return usualPerHour;
  }

  private double computeUsual() {
    float[] values = new float[HOURS];
    int active = 0;
    for (long each = hour - 1; each > hour - HOURS; each--) {
      float value = normal(each);
      if (value > 0) {
        values[active++] = value;
      }
    }
    activeHours = active;
    Arrays.sort(values, 0, active);
    // Who rarely calls spends nothing in most hours; then a calm one of the others is usual.
    double usual = active == 0 ? 0 : values[active / 4];
    for (long near = hour - 1; near <= hour + 1; near++) {
      usual = Math.max(usual, ofEarlierDays(near, values));
      long weekAgo = near - HOURS_OF_WEEK;
      if (weekAgo >= firstHour) {
        // What comes back after a week is the week's pattern, even if it was an anomaly then.
        float then = hours[index(weekAgo)];
        usual = Math.max(usual, wrong.get(index(weekAgo)) ? then : then / 2);
      }
    }
    int recent = 0;
    for (long each = hour - 1; each >= hour - RECENT_HOURS; each--) {
      recent = append(normal(each), values, recent);
    }
    // A day may be busier than others, but nobody creeps up without end.
    double lately = median(values, recent);
    return Math.max(usual, usual == 0 ? lately : Math.min(lately, 2 * usual));
  }

  private double ofEarlierDays(long sameHour, float[] values) {
    int count = 0;
    for (int day = 1; day < DAYS; day++) {
      count = append(normal(sameHour - (long) day * HOURS_OF_DAY), values, count);
    }
    return median(values, count);
  }

  private static int append(float value, float[] values, int count) {
    if (Float.isNaN(value)) {
      return count;
    }
    values[count] = value;
    return count + 1;
  }

  /** NaN for hours of which nothing is known, or nothing that is an example. */
  private float normal(long anHour) {
    int at = index(anHour);
    return anHour < firstHour || wrong.get(at) ? Float.NaN : hours[at];
  }

  private static double median(float[] values, int count) {
    Arrays.sort(values, 0, count);
    return count == 0 ? 0 : values[count / 2];
  }

  private static int index(long anHour) {
    return (int) (anHour % HOURS);
  }
}
