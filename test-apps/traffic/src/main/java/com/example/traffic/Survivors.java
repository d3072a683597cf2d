package com.example.traffic;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What the garbage collector leaves. Everything here collects and counts again, as what is still in
 * work on other threads holds objects too, until there is nothing more to go.
 */
public final class Survivors {
  private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long STEADY_NANOS_WHEN_TOO_MANY = TimeUnit.SECONDS.toNanos(5);
  private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(30);

  private Survivors() {}

  /**
   * How many referents are still there.
   *
   * @param enough when that few are left nobody waits for less
   */
  public static <T> int afterCollection(List<WeakReference<T>> references, int enough)
      throws Exception {
    return Math.toIntExact(
        least(
            enough,
            STEADY_NANOS_WHEN_TOO_MANY,
            () -> {
              System.gc();
              return references.stream().filter(reference -> reference.get() != null).count();
            }));
  }

  /** Instances of the classes of a package and those below it. */
  public static long instancesOf(String packageName) throws Exception {
    return least(0, STEADY_NANOS, () -> instancesNow(packageName));
  }

  /**
   * Instances of the classes of a package and those below it.
   *
   * @param enough when there are that few nobody waits for less
   */
  public static long instancesOf(String packageName, long enough) throws Exception {
    return least(enough, STEADY_NANOS_WHEN_TOO_MANY, () -> instancesNow(packageName));
  }

  private static long least(long enough, long steadyNanos, Callable<Long> count) throws Exception {
    long start = System.nanoTime();
    long fell = start;
    long least = count.call();
    for (long now = start;
        least > enough && now - fell < steadyNanos && now - start < AT_MOST_NANOS;
        now = System.nanoTime()) {
      Thread.sleep(100);
      long next = count.call();
      if (next < least) {
        least = next;
        fell = System.nanoTime();
      }
    }
    return least;
  }

  /** The histogram is one of what is alive: it collects before. */
  private static long instancesNow(String packageName) throws JMException {
    Object histogram =
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[0]},
                new String[] {String[].class.getName()});
    long instances = 0;
    for (String line : ((String) histogram).split("\n")) {
      String[] columns = line.trim().split("\\s+");
      if (columns.length >= 4 && columns[3].startsWith(packageName + '.')) {
        instances += Long.parseLong(columns[1]);
      }
    }
    return instances;
  }
}
