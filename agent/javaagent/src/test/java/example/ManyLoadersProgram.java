package example;

import java.io.File;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Many threads meet their client for the first time at the same moment, each in a loader of its
 * own, as web applications in a server do; then the applications go away.
 */
public final class ManyLoadersProgram {
  private ManyLoadersProgram() {}

  public static void main(String[] arguments) throws Exception {
    final int threads = Integer.parseInt(arguments[0]);
    final URL[] library = {new File(arguments[1]).toURI().toURL()};
    final CountDownLatch ready = new CountDownLatch(threads);
    final AtomicInteger hooked = new AtomicInteger();
    final List<WeakReference<ClassLoader>> loaders = new ArrayList<>();
    List<Thread> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      Thread thread =
          new Thread(
              new Runnable() {
                @Override
                public void run() {
                  try {
                    ClassLoader application =
                        new URLClassLoader(library, ClassLoader.getSystemClassLoader().getParent());
                    synchronized (loaders) {
                      loaders.add(new WeakReference<>(application));
                    }
                    ready.countDown();
                    ready.await();
                    Class<?> type = application.loadClass("example.Client");
                    Object client = type.getConstructor().newInstance();
                    Object answer = type.getMethod("call", String.class).invoke(client, "q");
                    if ("governed:q".equals(answer)) {
                      hooked.incrementAndGet();
                    }
                  } catch (Exception e) {
                    e.printStackTrace();
                  }
                }
              });
      thread.start();
      running.add(thread);
    }
    for (Thread thread : running) {
      thread.join();
    }
    running.clear();
    System.out.println("hooked " + hooked);
    long deadline = System.nanoTime() + 30_000_000_000L;
    int left = threads;
    while (left > 0 && System.nanoTime() < deadline) {
      System.gc();
      left = 0;
      for (WeakReference<ClassLoader> loader : loaders) {
        left += loader.get() == null ? 0 : 1;
      }
    }
    System.out.println("loaders left " + left);
  }
}
