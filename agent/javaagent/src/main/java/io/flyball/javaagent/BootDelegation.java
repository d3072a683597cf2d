package io.flyball.javaagent;

import io.flyball.bootstrap.Bridge;
import io.flyball.engine.time.Uninterrupted;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatcher;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/**
 * Lets class loaders find the bridge that do not ask the bootstrap loader for a package they do not
 * know, as those of OSGi frameworks and of JBoss Modules. Their own setting for it ({@code
 * org.osgi.framework.bootdelegation}, {@code jboss.modules.system.pkgs}) is the application's and
 * may be fixed long before us; so {@code loadClass} of such a loader, and of no other, is woven to
 * answer for that one package.
 */
final class BootDelegation implements ClassFileTransformer {
  private static final long LONGEST_WAIT_SECONDS = 10;

  private final Instrumentation instrumentation;
  private final ClassFileLocator adviceClasses;

  /** Classes of loaders; never emptied, since other agents may have them transformed again. */
  private final Set<Class<?>> woven =
      Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<Class<?>, Boolean>()));

  private boolean registered;

  BootDelegation(Instrumentation instrumentation, ClassLoader agentLoader) {
    this.instrumentation = instrumentation;
    this.adviceClasses = ClassFileLocator.ForClassLoader.of(agentLoader);
  }

  /**
   * Whether classes of that loader find the bridge, if need be from now on.
   *
   * @param loader null for the bootstrap loader
   */
  boolean reaches(ClassLoader loader) {
    if (allAskTheBootstrapLoader(loader)) {
      return true;
    }
    // Not on this thread: it is defining a class, and the JVM calls no transformer inside one.
    CountDownLatch done = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> {
              try {
                weaveLoadersFrom(loader);
              } finally {
                done.countDown();
              }
            },
            "flyball-boot-delegation");
    worker.setDaemon(true);
    worker.setContextClassLoader(null);
    worker.start();
    Uninterrupted.await(done, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    return finds(loader);
  }

  private static boolean allAskTheBootstrapLoader(ClassLoader loader) {
    for (ClassLoader l = loader; l != null; l = l.getParent()) {
      if (isOfBundle(l)) {
        return false;
      }
    }
    return finds(loader);
  }

  /**
   * Such a loader cannot be asked: whether it delegates may depend on who is calling (Felix' {@code
   * felix.bootdelegation.implicit}, on by default), and woven code is another caller than we are.
   */
  private static boolean isOfBundle(ClassLoader loader) {
    for (Class<?> type = loader.getClass(); type != null; type = type.getSuperclass()) {
      for (Class<?> implemented : type.getInterfaces()) {
        if (isBundleReference(implemented)) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean isBundleReference(Class<?> type) {
    if (type.getName().equals("org.osgi.framework.BundleReference")) {
      return true;
    }
    for (Class<?> extended : type.getInterfaces()) {
      if (isBundleReference(extended)) {
        return true;
      }
    }
    return false;
  }

  private static boolean finds(ClassLoader loader) {
    try {
      return Class.forName(Bridge.class.getName(), false, loader) == Bridge.class;
    } catch (ClassNotFoundException | LinkageError | RuntimeException hidden) {
      return false;
    }
  }

  private synchronized void weaveLoadersFrom(ClassLoader loader) {
    List<Class<?>> types = new ArrayList<>();
    for (ClassLoader l = loader; l != null; l = l.getParent()) {
      if (!isOfBundle(l) && finds(l)) {
        continue;
      }
      for (Class<?> type = l.getClass();
          type.getClassLoader() != null && woven.add(type);
          type = type.getSuperclass()) {
        types.add(type);
      }
    }
    if (types.isEmpty()) {
      return;
    }
    if (!registered) {
      registered = true;
      instrumentation.addTransformer(this, true);
    }
    try {
      instrumentation.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | LinkageError | RuntimeException leftAsTheyAre) {
      // Whoever asked looks again, and tells.
    }
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain protectionDomain,
      byte[] bytes) {
    if (redefined == null || !woven.contains(redefined)) {
      return null;
    }
    String typeName = redefined.getName();
    ClassFileLocator classes =
        new ClassFileLocator.Compound(
            ClassFileLocator.Simple.of(typeName, bytes),
            ClassFileLocator.ForClassLoader.of(loader));
    TypePool types = Weaver.pool(classes);
    return Weaver.inliner(types.describe(typeName).resolve(), classes)
        .visit(
            Advice.to(
                    Weaver.pool(adviceClasses).describe(LoadClassAdvice.class.getName()).resolve(),
                    adviceClasses)
                .on(loadClass()))
        .make(types)
        .getBytes();
  }

  private static ElementMatcher<MethodDescription> loadClass() {
    return ElementMatchers.<MethodDescription>named("loadClass")
        .and(ElementMatchers.not(ElementMatchers.isAbstract()))
        .and(
            ElementMatchers.<MethodDescription>takesArguments(String.class)
                .or(ElementMatchers.takesArguments(String.class, boolean.class)));
  }
}
