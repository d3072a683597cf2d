package io.flyball.agent;

import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.jar.JarFile;

/**
 * Puts {@code io.flyball.bootstrap} on the bootstrap loader.
 *
 * <p>On Java 9 and later the few classes are defined there one by one: appending the jar to the
 * bootstrap search, as agents usually do, makes the JVM print {@code Sharing is only supported for
 * boot loader classes because bootstrap classpath has been appended} and turns class data sharing
 * off for the application. Where that way is closed, and on Java 8, the jar is appended.
 */
final class BootstrapBridge {
  private static final String BRIDGE = "io.flyball.bootstrap.Bridge";

  private final Instrumentation instrumentation;
  private final AgentJar jar;

  BootstrapBridge(Instrumentation instrumentation, AgentJar jar) {
    this.instrumentation = instrumentation;
    this.jar = jar;
  }

  /** Harmless when the bridge is there already. */
  void install() throws IOException, ReflectiveOperationException {
    if (present()) {
      return;
    }
    try {
      define();
    } catch (ReflectiveOperationException | RuntimeException | LinkageError noWay) {
      append();
    }
    if (!present()) {
      throw new IllegalStateException("the bridge is not visible on the bootstrap loader");
    }
  }

  private static boolean present() {
    try {
      Class.forName(BRIDGE, false, null);
      return true;
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  private void define() throws IOException, ReflectiveOperationException {
    Class<?> moduleClass = Class.forName("java.lang.Module");
    Method getModule = Class.class.getMethod("getModule");
    Object base = getModule.invoke(Object.class);
    Object own = getModule.invoke(BootstrapBridge.class);
    Map<String, Set<Object>> exports =
        Collections.singletonMap("jdk.internal.misc", Collections.singleton(own));
    Instrumentation.class
        .getMethod(
            "redefineModule", moduleClass, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            base,
            Collections.emptySet(),
            exports,
            Collections.emptyMap(),
            Collections.emptySet(),
            Collections.emptyMap());
    Class<?> unsafeClass = Class.forName("jdk.internal.misc.Unsafe");
    Object unsafe = unsafeClass.getMethod("getUnsafe").invoke(null);
    Method defineClass =
        unsafeClass.getMethod(
            "defineClass",
            String.class,
            byte[].class,
            int.class,
            int.class,
            ClassLoader.class,
            ProtectionDomain.class);
    List<String> names = new ArrayList<>();
    for (String entry : jar.bootstrapEntries()) {
      names.add(entry.substring(0, entry.length() - ".class".length()));
    }
    // A nested class may extend the one that it is nested in.
    Collections.sort(names);
    for (String name : names) {
      byte[] bytes = jar.read(name + ".class");
      defineClass.invoke(unsafe, name, bytes, 0, bytes.length, null, null);
    }
  }

  /**
   * After this a class of this package would be found on the bootstrap loader first, apart from
   * those that are loaded already. So all of them are, before.
   */
  private void append() throws IOException, ReflectiveOperationException {
    for (String name : jar.rootClasses()) {
      Class.forName(name, true, BootstrapBridge.class.getClassLoader());
    }
    try (JarFile file = new JarFile(jar.file(), false)) {
      instrumentation.appendToBootstrapClassLoaderSearch(file);
    }
  }
}
