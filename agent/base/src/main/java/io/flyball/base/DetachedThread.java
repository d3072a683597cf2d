package io.flyball.base;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;

/**
 * Makes background threads that keep nothing of the application thread that happened to start them:
 * no context class loader, thread group, inheritable thread locals or access context. What gets out
 * of their work is ours, too: the application's handler of uncaught exceptions, which may end the
 * program, never hears of it.
 */
public final class DetachedThread {

  private static volatile InternalErrors errors;

  private DetachedThread() {}

  /**
   * @param told what gets out of any of these threads
   */
  public static void reportTo(InternalErrors told) {
    errors = told;
  }

  /** A daemon thread, not started. */
  public static Thread create(String name, Runnable work) {
    AccessControlContext nobody = new AccessControlContext(new ProtectionDomain[0]);
    return AccessController.doPrivileged(
        (PrivilegedAction<Thread>)
            () -> {
              Thread thread = make(name, () -> run(name, work));
              thread.setDaemon(true);
              thread.setContextClassLoader(null);
              return thread;
            },
        nobody);
  }

  private static void run(String name, Runnable work) {
    try {
      work.run();
    } catch (Throwable failure) {
      InternalErrors told = errors;
      if (told != null) {
        told.report("thread " + name, failure);
      }
    }
  }

  private static Thread make(String name, Runnable work) {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    try {
      Constructor<Thread> constructor =
          Thread.class.getConstructor(
              ThreadGroup.class, Runnable.class, String.class, long.class, boolean.class);
      return constructor.newInstance(root, work, name, 0L, false);
    } catch (ReflectiveOperationException java8) {
      Thread thread = new Thread(root, work, name);
      forgetInherited(thread);
      return thread;
    }
  }

  /** Java 8 has no public way. */
  private static void forgetInherited(Thread thread) {
    try {
      Field inherited = Thread.class.getDeclaredField("inheritableThreadLocals");
      inherited.setAccessible(true);
      inherited.set(thread, null);
    } catch (ReflectiveOperationException | RuntimeException kept) {
      // They stay as long as the thread does; nothing depends on it.
    }
  }
}
