package io.flyball.engine.attribute;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the logging context of the application: SLF4J's {@code MDC} and Log4j 2's {@code
 * ThreadContext}, whichever the thread's context class loader sees, and only once the application
 * itself has used it: initialising {@code MDC} binds SLF4J to a provider and prints a warning when
 * there is none. Never keeps an application's loader alive.
 */
final class Mdc {
  private static final MethodType GET = MethodType.methodType(String.class, String.class);
  private static final String[] TYPES = {"org.slf4j.MDC", "org.apache.logging.log4j.ThreadContext"};

  private final InitialisedClasses classes;

  /** Kept by the class it belongs to, so that both go together. */
  private final ClassValue<MethodHandle> getters =
      new ClassValue<MethodHandle>() {
        @Override
        protected MethodHandle computeValue(Class<?> type) {
          try {
            return MethodHandles.publicLookup().findStatic(type, "get", GET);
          } catch (ReflectiveOperationException | LinkageError foreign) {
            // Another class of that name.
            return null;
          }
        }
      };

  Mdc(InitialisedClasses classes) {
    this.classes = classes;
  }

  /** The values that there are for these keys, on this thread. */
  Map<String, String> values(Collection<String> keys) {
    if (keys.isEmpty()) {
      return Collections.emptyMap();
    }
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    if (loader == null) {
      loader = ClassLoader.getSystemClassLoader();
    }
    Map<String, String> values = new HashMap<>();
    for (String type : TYPES) {
      Class<?> context = classes.find(loader, type);
      MethodHandle getter = context == null ? null : getters.get(context);
      if (getter != null) {
        read(getter, keys, values);
      }
    }
    return values;
  }

  private static void read(
      MethodHandle getter, Collection<String> keys, Map<String, String> values) {
    try {
      for (String key : keys) {
        if (!values.containsKey(key)) {
          String value = (String) getter.invokeExact(key);
          if (value != null) {
            values.put(key, value);
          }
        }
      }
    } catch (Throwable notReadable) {
      // The application's own logging is broken; it has its own ways to say so.
    }
  }
}
