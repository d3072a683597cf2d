package org.apache.logging.log4j;

import java.util.HashMap;
import java.util.Map;

/** What a program's logging context looks like to us. */
public final class ThreadContext {
  private static final ThreadLocal<Map<String, String>> VALUES =
      ThreadLocal.withInitial(HashMap::new);

  private ThreadContext() {}

  public static String get(String key) {
    return VALUES.get().get(key);
  }

  public static void put(String key, String value) {
    VALUES.get().put(key, value);
  }

  public static void clearMap() {
    VALUES.remove();
  }
}
