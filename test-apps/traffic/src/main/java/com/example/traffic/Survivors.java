package com.example.traffic;

import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.List;
import javax.management.JMException;
import javax.management.ObjectName;

/** What the garbage collector leaves. */
public final class Survivors {
  private static final int COLLECTIONS = 20;

  private Survivors() {}

  /** How many referents are still there after some collections. */
  public static <T> int afterCollection(List<WeakReference<T>> references)
      throws InterruptedException {
    int left = references.size();
    for (int i = 0; i < COLLECTIONS && left > 0; i++) {
      System.gc();
      Thread.sleep(20);
      left = 0;
      for (WeakReference<T> reference : references) {
        left += reference.get() == null ? 0 : 1;
      }
    }
    return left;
  }

  /** Instances of the classes of a package and those below it, after a collection. */
  public static long instancesOf(String packageName) throws JMException {
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
