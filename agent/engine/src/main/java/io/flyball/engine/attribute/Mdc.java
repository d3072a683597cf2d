package io.flyball.engine.attribute;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.ref.WeakReference;
import java.util.Arrays;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Reads the logging context of the application: SLF4J's {@code MDC} and Log4j 2's {@code
 * ThreadContext}, whichever the thread's context class loader knows. Never keeps an application's
 * loader alive.
 */
final class Mdc {
  private static final MethodHandle[] NONE = {};
  private static final MethodType GET = MethodType.methodType(String.class, String.class);
  private static final String[] TYPES = {"org.slf4j.MDC", "org.apache.logging.log4j.ThreadContext"};

  /**
   * A method handle holds its class and so its loader, the key: hence it may only be held weakly.
   * It is looked up again when it was collected.
   */
  private final Map<ClassLoader, WeakReference<MethodHandle[]>> getters = new WeakHashMap<>();

  /** The value of that key, or null. */
  String get(String key) {
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader == null) {
      loader = ClassLoader.getSystemClassLoader();
    }
    for (MethodHandle getter : gettersOf(loader)) {
      try {
        String value = (String) getter.invokeExact(key);
        if (value != null) {
          return value;
        }
      } catch (Throwable notReadable) {
        // The application's own logging is broken; it has its own ways to say so.
      }
    }
    return null;
  }

  private MethodHandle[] gettersOf(ClassLoader loader) {
    synchronized (getters) {
      WeakReference<MethodHandle[]> known = getters.get(loader);
      MethodHandle[] found = known == null ? null : known.get();
      if (found != null) {
        return found;
      }
    }
    // Loads classes: not under the lock.
    MethodHandle[] found = find(loader);
    synchronized (getters) {
      getters.put(loader, new WeakReference<>(found));
    }
    return found;
  }

  private static MethodHandle[] find(ClassLoader loader) {
    MethodHandle[] found = new MethodHandle[TYPES.length];
    int count = 0;
    for (String type : TYPES) {
      try {
        Class<?> context = Class.forName(type, true, loader);
        found[count] = MethodHandles.publicLookup().findStatic(context, "get", GET);
        count++;
      } catch (ReflectiveOperationException | LinkageError absent) {
        // This application does not have that library.
      }
    }
    return count == 0 ? NONE : Arrays.copyOf(found, count);
  }
}
