package io.flyball.javaagent;

import io.flyball.bootstrap.TaskHooks;
import io.flyball.bootstrap.Tasks;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Plugin;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/**
 * Weaves the instrumentations that follow others, once one of those has been woven. Then the JDK's
 * classes that they hook have mostly been loaded long before.
 */
final class Followers {
  private static final long LONGEST_WAIT_SECONDS = 10;

  private final Instrumentation jvm;
  private final Collection<ClientInstrumentation> followers;
  private final Weaver weaver;
  private final HookRouter router;
  private final Consumer<String> log;
  private final Set<String> leaders = new HashSet<>();
  private final AtomicBoolean begun = new AtomicBoolean();

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
    this.followers = followers;
    this.weaver = weaver;
    this.router = router;
    this.log = log;
    for (ClientInstrumentation follower : followers) {
      leaders.addAll(follower.follows());
    }
  }

  /**
   * An instrumentation has been woven. Waits until the JDK's classes are woven too, so that the
   * first request finds them so.
   */
  void found(ClientInstrumentation leader) {
    if (!leaders.contains(leader.name()) || !begun.compareAndSet(false, true)) {
      return;
    }
    // Not on this thread: it is defining a class, and the JVM calls no transformer inside one.
    CountDownLatch jdkWoven = new CountDownLatch(1);
    Thread worker = new Thread(() -> weave(jdkWoven), "flyball-followers");
    worker.setDaemon(true);
    worker.setContextClassLoader(null);
    worker.start();
    try {
      if (!jdkWoven.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS)) {
        log.accept("weaving the JDK's executors takes long; the first requests may go without");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void weave(CountDownLatch jdkWoven) {
    List<Class<?>> others = new ArrayList<>();
    try {
      jvm.addTransformer(weaver, true);
      List<Class<?>> ofTheJdk = new ArrayList<>();
      for (Class<?> type : jvm.getAllLoadedClasses()) {
        if (isHooked(type) && jvm.isModifiableClass(type)) {
          (type.getClassLoader() == null ? ofTheJdk : others).add(type);
        }
      }
      connectTasks(ofTheJdk);
      retransform(ofTheJdk);
    } finally {
      jdkWoven.countDown();
    }
    retransform(others);
    for (Class<?> type : others) {
      router.enter(followerOf(type).name() + ':' + Plugin.LOADED, type, null);
    }
  }

  private boolean isHooked(Class<?> type) {
    return followerOf(type) != null;
  }

  private ClientInstrumentation followerOf(Class<?> type) {
    String name = type.getName();
    for (ClientInstrumentation follower : followers) {
      for (Hook hook : follower.hooks()) {
        if (hook.type().equals(name)) {
          return follower;
        }
      }
    }
    return null;
  }

  /** Before anything can ask it. */
  private void connectTasks(List<Class<?>> ofTheJdk) {
    for (Class<?> type : ofTheJdk) {
      Plugin plugin = router.plugin(followerOf(type), type);
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
