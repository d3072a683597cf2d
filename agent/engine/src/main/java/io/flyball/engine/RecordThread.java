package io.flyball.engine;

import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.security.AccessControlContext;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;

/**
 * Makes the background thread so that it keeps nothing of the application thread that happened to
 * start it: no context class loader, thread group, inheritable thread locals or access context.
 */
final class RecordThread {
  private static final String NAME = "flyball-records";

  private RecordThread() {}

  static void start(Runnable work) {
    AccessControlContext nobody = new AccessControlContext(new ProtectionDomain[0]);
    AccessController.doPrivileged(
        (PrivilegedAction<Void>)
            () -> {
              Thread thread = create(work);
              thread.setDaemon(true);
              thread.setContextClassLoader(null);
              thread.start();
              return null;
            },
        nobody);
  }

  private static Thread create(Runnable work) {
    ThreadGroup root = Thread.currentThread().getThreadGroup();
    while (root.getParent() != null) {
      root = root.getParent();
    }
    try {
      Constructor<Thread> constructor =
          Thread.class.getConstructor(
              ThreadGroup.class, Runnable.class, String.class, long.class, boolean.class);
      return constructor.newInstance(root, work, NAME, 0L, false);
    } catch (ReflectiveOperationException java8) {
      Thread thread = new Thread(root, work, NAME);
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
