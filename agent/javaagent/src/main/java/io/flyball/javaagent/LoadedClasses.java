package io.flyball.javaagent;

import io.flyball.engine.attribute.InitialisedClasses;
import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Map;
import java.util.Set;

/**
 * Asks the JVM, as no public API does: {@code ClassLoader.findLoadedClass} knows what a loader has
 * defined or was asked for by the JVM, {@code Unsafe.shouldBeInitialized} whether it was used. Both
 * were tried on Java 8, 11, 17, 21 and 25. Should the application run from a class data archive of
 * its own, the first may take the class from there; it still is not initialised.
 */
final class LoadedClasses implements InitialisedClasses {
  /** Takes a loader and a name. */
  private final MethodHandle findLoaded;

  /** Takes a class. */
  private final MethodHandle shouldBeInitialised;

  private LoadedClasses(MethodHandle findLoaded, MethodHandle shouldBeInitialised) {
    this.findLoaded = findLoaded;
    this.shouldBeInitialised = shouldBeInitialised;
  }

  /**
   * Opens what it needs to this class's module alone.
   *
   * @throws ReflectiveOperationException or a RuntimeException when this JVM does not let us ask
   */
  static InitialisedClasses in(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Object unsafe;
    if (System.getProperty("java.specification.version").startsWith("1.")) {
      Field theUnsafe = Class.forName("sun.misc.Unsafe").getDeclaredField("theUnsafe");
      theUnsafe.setAccessible(true);
      unsafe = theUnsafe.get(null);
    } else {
      openJavaBase(instrumentation);
      unsafe = Class.forName("jdk.internal.misc.Unsafe").getMethod("getUnsafe").invoke(null);
    }
    Method findLoaded = ClassLoader.class.getDeclaredMethod("findLoadedClass", String.class);
    findLoaded.setAccessible(true);
    Method should = unsafe.getClass().getMethod("shouldBeInitialized", Class.class);
    MethodHandles.Lookup lookup = MethodHandles.lookup();
    return new LoadedClasses(lookup.unreflect(findLoaded), lookup.unreflect(should).bindTo(unsafe));
  }

  private static void openJavaBase(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Class<?> module = Class.forName("java.lang.Module");
    Method getModule = Class.class.getMethod("getModule");
    Set<Object> own = Collections.singleton(getModule.invoke(LoadedClasses.class));
    Instrumentation.class
        .getMethod("redefineModule", module, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            getModule.invoke(Object.class),
            Collections.emptySet(),
            Collections.singletonMap("jdk.internal.misc", own),
            Collections.singletonMap("java.lang", own),
            Collections.emptySet(),
            Collections.emptyMap());
  }

  @Override
  public Class<?> find(ClassLoader loader, String name) {
    try {
      for (ClassLoader asked = loader; asked != null; asked = asked.getParent()) {
        Class<?> found = (Class<?>) findLoaded.invokeExact(asked, name);
        if (found != null) {
          return (boolean) shouldBeInitialised.invokeExact(found) ? null : found;
        }
      }
      return null;
    } catch (Throwable refused) {
      // A security manager hides parents from us.
      return null;
    }
  }
}
