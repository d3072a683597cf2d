package io.flyball.engine.attribute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.concurrent.TimeUnit;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the logging context of whatever application the thread belongs to. */
class MdcTest {
  @TempDir Path folder;
  private final Mdc mdc = new Mdc(MdcTest::load);
  private ClassLoader before;

  @BeforeEach
  void remember() {
    before = Thread.currentThread().getContextClassLoader();
  }

  @AfterEach
  void restore() {
    Thread.currentThread().setContextClassLoader(before);
  }

  private static Class<?> load(ClassLoader loader, String name) {
    try {
      return Class.forName(name, true, loader);
    } catch (ClassNotFoundException absent) {
      return null;
    }
  }

  private String value(String key) {
    return mdc.values(Collections.singleton(key)).get(key);
  }

  /** A loader with a logging library of its own. */
  private URLClassLoader application(String packageName, String type) throws Exception {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    Assumptions.assumeTrue(compiler != null, "needs a JDK");
    Path root = Files.createTempDirectory(folder, "app");
    Path source = root.resolve(type + ".java");
    String code =
        "package "
            + packageName
            + "; public class "
            + type
            + " { public static final java.util.Map<String, String> VALUES ="
            + " new java.util.HashMap<>();"
            + " public static String get(String key) { return VALUES.get(key); }"
            + " public static void put(String key, String value) { VALUES.put(key, value); } }";
    Files.write(source, Arrays.asList(code));
    assertThat(compiler.run(null, null, null, "-d", root.toString(), source.toString())).isZero();
    return new URLClassLoader(new URL[] {root.toUri().toURL()}, null);
  }

  private static void put(ClassLoader loader, String type, String value) throws Exception {
    Method put = loader.loadClass(type).getMethod("put", String.class, String.class);
    put.invoke(null, "tenant", value);
  }

  @Test
  void everyApplicationHasItsOwnContext() throws Exception {
    try (URLClassLoader slf4j = application("org.slf4j", "MDC");
        URLClassLoader log4j = application("org.apache.logging.log4j", "ThreadContext");
        URLClassLoader none = new URLClassLoader(new URL[0], null)) {
      put(slf4j, "org.slf4j.MDC", "acme");
      put(log4j, "org.apache.logging.log4j.ThreadContext", "umbrella");
      for (int round = 0; round < 2; round++) {
        Thread.currentThread().setContextClassLoader(slf4j);
        assertThat(value("tenant")).isEqualTo("acme");
        assertThat(value("user")).isNull();
        Thread.currentThread().setContextClassLoader(log4j);
        assertThat(value("tenant")).isEqualTo("umbrella");
        Thread.currentThread().setContextClassLoader(none);
        assertThat(value("tenant")).isNull();
      }
    }
  }

  @Test
  void aClassThatTheApplicationHasNotUsedIsNotTouched() throws Exception {
    Mdc beforeAnyUse = new Mdc(InitialisedClasses.NONE);
    try (URLClassLoader slf4j = application("org.slf4j", "MDC")) {
      put(slf4j, "org.slf4j.MDC", "acme");
      Thread.currentThread().setContextClassLoader(slf4j);
      assertThat(beforeAnyUse.values(Collections.singleton("tenant"))).isEmpty();
      assertThat(value("tenant")).isEqualTo("acme");
    }
  }

  @Test
  void anApplicationThatGoesAwayIsNotKept() throws Exception {
    WeakReference<ClassLoader> gone = new WeakReference<>(useOnce());
    await()
        .atMost(2, TimeUnit.MINUTES)
        .until(
            () -> {
              System.gc();
              return gone.get() == null;
            });
    assertThat(value("tenant")).isNull();
  }

  private ClassLoader useOnce() throws Exception {
    URLClassLoader loader = application("org.slf4j", "MDC");
    put(loader, "org.slf4j.MDC", "acme");
    Thread.currentThread().setContextClassLoader(loader);
    assertThat(value("tenant")).isEqualTo("acme");
    Thread.currentThread().setContextClassLoader(before);
    loader.close();
    return loader;
  }
}
