package io.flyball.javaagent;

import io.flyball.bootstrap.TaskHooks;
import io.flyball.bootstrap.Tasks;
import io.flyball.engine.time.Uninterrupted;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Plugin;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Weaves the instrumentations that follow others, each once one of those that it follows has been
 * woven. Then the JDK's classes that they hook have mostly been loaded long before.
 */
final class Followers implements ClassFileTransformer {
  private static final long LONGEST_WAIT_SECONDS = 10;

  private final Instrumentation jvm;

  /** Those that wait for the first of what they follow. */
  private final List<ClientInstrumentation> waiting;

  /** Names of types that are woven from now on, as class files spell them. */
  private final Set<String> hookedTypes = ConcurrentHashMap.newKeySet();

  private final Weaver weaver;
  private final HookRouter router;
  private final Consumer<String> log;
  private final AtomicBoolean transforms = new AtomicBoolean();

  /**
   * @param weaver of those followers
   */
  Followers(
      Instrumentation jvm,
      Collection<ClientInstrumentation> followers,
      Weaver weaver,
      HookRouter router,
      Consumer<String> log) {
    this.jvm = jvm;
    this.weaver = weaver;
    this.router = router;
    this.log = log;
    this.waiting = new ArrayList<>(followers);
  }

  /**
   * An instrumentation has been woven. Waits until the JDK's classes are woven too, so that the
   * first request finds them so.
   */
  void found(ClientInstrumentation leader) {
    Map<String, ClientInstrumentation> begun = begin(leader.name());
    if (begun.isEmpty()) {
      return;
    }
    // Not on this thread: it is defining a class, and the JVM calls no transformer inside one.
    CountDownLatch jdkWoven = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> AccessController.doPrivileged(weaving(begun, jdkWoven)), "flyball-followers");
    worker.setDaemon(true);
    worker.setContextClassLoader(null);
    worker.start();
    if (!Uninterrupted.await(jdkWoven, LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
      log.accept("weaving the JDK's executors takes long; the first requests may go without");
    }
  }

  /** Those that follow that one and have waited, by the names of the types that they hook. */
  private Map<String, ClientInstrumentation> begin(String leader) {
    Map<String, ClientInstrumentation> byHookedType = new HashMap<>();
    synchronized (waiting) {
      for (Iterator<ClientInstrumentation> each = waiting.iterator(); each.hasNext(); ) {
        ClientInstrumentation follower = each.next();
        if (follower.follows().contains(leader)) {
          each.remove();
          follower.hooks().forEach(hook -> byHookedType.put(hook.type(), follower));
        }
      }
    }
    return byHookedType;
  }

  /** Whoever defines a class, under a security manager, may not do what we do for it. */
  private PrivilegedAction<Void> weaving(
      Map<String, ClientInstrumentation> begun, CountDownLatch jdkWoven) {
    return () -> {
      try {
        weave(begun, jdkWoven);
      } catch (Throwable failure) {
        log.accept("what follows others is left alone: " + failure);
      }
      return null;
    };
  }

  private void weave(Map<String, ClientInstrumentation> byHookedType, CountDownLatch jdkWoven) {
    List<Class<?>> others = new ArrayList<>();
    try {
      byHookedType.keySet().forEach(type -> hookedTypes.add(type.replace('.', '/')));
      if (transforms.compareAndSet(false, true)) {
        jvm.addTransformer(this, true);
      }
      List<Class<?>> ofTheJdk = hookedInTheJdk(byHookedType.keySet());
      for (Class<?> type : jvm.getAllLoadedClasses()) {
        if (type.getClassLoader() != null && byHookedType.containsKey(type.getName())) {
          others.add(type);
        }
      }
      connectTasks(byHookedType, ofTheJdk);
      retransform(ofTheJdk);
    } finally {
      jdkWoven.countDown();
    }
    retransform(others);
    for (Class<?> type : others) {
      router.enter(byHookedType.get(type.getName()).name() + ':' + Plugin.LOADED, type, null);
    }
  }

  /** Loaded for it if need be: what comes from the JVM's archive is not always shown to agents. */
  private static List<Class<?>> hookedInTheJdk(Set<String> names) {
    List<Class<?>> types = new ArrayList<>();
    for (String name : names) {
      try {
        types.add(Class.forName(name, false, null));
      } catch (ClassNotFoundException notOfThisJdk) {
        // A library's, or of another release.
      }
    }
    return types;
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String className,
      Class<?> redefined,
      ProtectionDomain protectionDomain,
      byte[] bytes) {
    if (className == null || !hookedTypes.contains(className)) {
      return null;
    }
    try {
      return AccessController.doPrivileged(
          (PrivilegedAction<byte[]>)
              () -> weaver.transform(loader, className, redefined, protectionDomain, bytes));
    } catch (Throwable failure) {
      log.accept(className.replace('/', '.') + " is left alone: " + failure);
      return null;
    }
  }

  /** Before anything can ask it. */
  private void connectTasks(
      Map<String, ClientInstrumentation> byHookedType, List<Class<?>> ofTheJdk) {
    for (Class<?> type : ofTheJdk) {
      Plugin plugin = router.plugin(byHookedType.get(type.getName()), type);
      if (plugin instanceof TaskHooks) {
        Tasks.connect((TaskHooks) plugin);
        return;
      }
    }
  }

  private void retransform(List<Class<?>> types) {
    if (types.isEmpty()) {
      return;
    }
    try {
      jvm.retransformClasses(types.toArray(new Class<?>[0]));
    } catch (UnmodifiableClassException | LinkageError | RuntimeException refused) {
      for (Class<?> type : types) {
        retransform(type);
      }
    }
  }

  private void retransform(Class<?> type) {
    try {
      jvm.retransformClasses(type);
    } catch (UnmodifiableClassException | LinkageError | RuntimeException refused) {
      log.accept(type.getName() + " is left alone: " + refused);
    }
  }
}
