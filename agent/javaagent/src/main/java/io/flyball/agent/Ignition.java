package io.flyball.agent;

import java.io.IOException;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.AccessController;
import java.security.PrivilegedExceptionAction;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/**
 * Starts the agent when the first class that it hooks is defined; until then every class costs one
 * look-up of its name. A class that only tells of a client that is not governed starts a small part
 * of it, the watch, which tells; the engine waits for a client that is.
 *
 * <p>The start has a thread of its own, made (not started) while the JVM starts, so that nothing of
 * ours inherits thread locals, privileges or the context loader of whichever application thread
 * comes first. Threads that define a hooked class wait for it, so that no hook is missed. Such a
 * thread may be amid the initialisation of other classes of the JDK, and hold its locks, so the
 * start does nothing that may need one: what speaks with others, and with that TLS, logging, names
 * of hosts, security providers of the application, is opened once nobody waits any more. Should the
 * start ever need what such a thread holds all the same, that thread waits {@link BoundedWait}
 * long, says so and goes on unhooked, and the class is woven once the start is over, as are classes
 * that were loaded before.
 *
 * <p>When the user has configured anything, the configuration is read at once, on that thread, so
 * that a mistake is told even if no client is ever used.
 */
final class Ignition implements ClassFileTransformer, Runnable {
  private static final long FIRST_PAUSE_MILLIS = 20;
  private static final int MOST_TIMES = 12;
  private static final int FIRST_RELEASE_WITHOUT_SECURITY_MANAGER = 24;
  private static final String ENTRY = "io.flyball.javaagent.Agent";

  /** Loaders of agents, ours among them: what they load is not the application's. */
  private static final String[] AGENT_LOADERS = {
    "io.flyball.",
    "io.opentelemetry.javaagent.",
    "datadog.",
    "com.newrelic.",
    "co.elastic.apm.",
    "com.dynatrace.",
    "org.apache.skywalking.apm.agent.",
    "com.appdynamics."
  };

  private final Instrumentation instrumentation;
  private final AgentJar jar;
  private final String arguments;
  private final Object hostTelemetry;
  private final boolean whileRunning;

  private final Map<String, HookedType> hookedTypes;

  private final Thread starter;
  private final AtomicBoolean begun = new AtomicBoolean();
  private final CountDownLatch configured = new CountDownLatch(1);

  /** What was loaded before. */
  private final CountDownLatch woven = new CountDownLatch(1);

  /** It has ended and left nothing behind. */
  private volatile boolean off;

  /** There is something to watch, or to start for. */
  private final CountDownLatch noticed = new CountDownLatch(1);

  private final CountDownLatch watching = new CountDownLatch(1);
  private final CountDownLatch wanted = new CountDownLatch(1);
  private final CountDownLatch started = new CountDownLatch(1);

  /** Of the watch; null before it, without it and after it. */
  private volatile ClassFileTransformer watch;

  private volatile ClassFileTransformer weaver;

  /** A thread has not waited to the end. */
  private final AtomicBoolean goesOn = new AtomicBoolean();

  /** Names of classes that could not be woven where they were defined. */
  private final BlockingQueue<String> again = new LinkedBlockingQueue<>();

  /**
   * @param arguments as the JVM gave them, or null
   * @param hostTelemetry the {@code OpenTelemetry} of the agent that we are an extension of, or
   *     null
   * @param whileRunning whether somebody attaches us to a program that runs, and waits to be told
   */
  Ignition(
      Instrumentation instrumentation,
      AgentJar jar,
      String arguments,
      Object hostTelemetry,
      boolean whileRunning)
      throws IOException {
    this.instrumentation = instrumentation;
    this.jar = jar;
    this.arguments = arguments;
    this.hostTelemetry = hostTelemetry;
    this.whileRunning = whileRunning;
    this.hookedTypes = jar.hookedTypes();
    this.starter = new Thread(this, "flyball-start");
    starter.setDaemon(true);
    starter.setContextClassLoader(null);
  }

  /**
   * Begins to listen. Starts, and waits for it, when a hooked class is loaded already or the user
   * wants the JVM to end on a bad configuration. Who attaches to a running program is told when the
   * configuration has been read, so this waits for it.
   */
  void arm() {
    instrumentation.addTransformer(this, true);
    List<Class<?>> loaded = loadedHookedTypes();
    if (!loaded.isEmpty()) {
      boolean onlyKnown = true;
      for (Class<?> type : loaded) {
        onlyKnown &= isOnlyKnown(type);
      }
      want(onlyKnown);
      BoundedWait.await(woven);
    } else if (UserSettings.any(arguments)) {
      try {
        Runtime.getRuntime().addShutdownHook(new AwaitConfiguration());
      } catch (IllegalStateException ending) {
        // Attached as the JVM ends.
      }
      begin();
      if (whileRunning || UserSettings.mayEndTheJvm(arguments)) {
        BoundedWait.await(configured);
      }
    }
  }

  /**
   * Whether it has ended before it began anything, because it is to be off, so that another one may
   * try.
   */
  boolean isOff() {
    return off;
  }

  @Override
  public byte[] transform(
      ClassLoader definingLoader,
      String className,
      Class<?> redefined,
      ProtectionDomain protectionDomain,
      byte[] bytes) {
    HookedType type = className == null ? null : hookedTypes.get(className);
    if (type == null || isAgents(definingLoader) || (type == HookedType.LATER && weaver == null)) {
      return null;
    }
    try {
      ClassFileTransformer ready = weaver(type == HookedType.KNOWN, className);
      if (ready == null) {
        return null;
      }
      return underSecurityManager()
          ? AccessController.doPrivileged(
              (PrivilegedExceptionAction<byte[]>)
                  () ->
                      ready.transform(
                          definingLoader, className, redefined, protectionDomain, bytes))
          : ready.transform(definingLoader, className, redefined, protectionDomain, bytes);
    } catch (VirtualMachineError | RejectedExecutionException notHere) {
      // The thread has too little stack, or the heap is full just now: no word about the class.
      again.add(className);
      return null;
    } catch (Throwable failure) {
      Stderr.line(className.replace('/', '.') + " is left alone: " + failure);
      return null;
    }
  }

  /** Then the thread that defines a class may lack the right to read its neighbours. */
  static boolean underSecurityManager() {
    return AgentClassLoader.runningRelease() < FIRST_RELEASE_WITHOUT_SECURITY_MANAGER
        && System.getSecurityManager() != null;
  }

  private static boolean isAgents(ClassLoader loader) {
    if (loader == null) {
      return false;
    }
    String name = loader.getClass().getName();
    for (String prefix : AGENT_LOADERS) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Null when there is none: while it is being started, or when that failed.
   *
   * @param known the watch will do
   * @param className for which it is wanted
   */
  private ClassFileTransformer weaver(boolean known, String className) {
    CountDownLatch ready = known ? watching : started;
    if (ready.getCount() != 0 && Thread.currentThread() != starter) {
      want(known);
      if (!BoundedWait.await(ready)) {
        again.add(className);
        tellOfGoingOn(className);
      }
    }
    ClassFileTransformer full = weaver;
    return full == null && known ? watch : full;
  }

  /** Here and now: if the start does not end, nobody else will tell. */
  private void tellOfGoingOn(String className) {
    if (goesOn.compareAndSet(false, true)) {
      Stderr.line(
          "WARN the start has taken longer than "
              + BoundedWait.LONGEST_SECONDS
              + " s, so the program goes on without it: until it is over, calls with "
              + className.replace('/', '.')
              + " are not governed, and neither a budget nor a limit holds them back");
    }
  }

  private void want(boolean onlyWatch) {
    if (!onlyWatch) {
      wanted.countDown();
    }
    noticed.countDown();
    begin();
  }

  private void begin() {
    if (begun.compareAndSet(false, true)) {
      starter.start();
    }
  }

  @Override
  public void run() {
    String why = null;
    boolean failed = false;
    Object agent = null;
    try {
      // First: as long as it has the jar open, the jar's directory is not read again.
      AgentClassLoader loader = new AgentClassLoader(jar.file(), AgentClassLoader.runningRelease());
      new BootstrapBridge(instrumentation, jar).install();
      starter.setContextClassLoader(loader);
      if (hostTelemetry != null) {
        useNamesOfHost(loader);
      }
      Class<?> entry = Class.forName(ENTRY, true, loader);
      // The watch need not wait for a configuration that nobody has written.
      boolean nothingSet =
          hostTelemetry == null
              && noticed.getCount() == 0
              && wanted.getCount() != 0
              && !UserSettings.any(arguments);
      agent =
          entry
              .getMethod(nothingSet ? "unconfigured" : "configure", String.class, String.class)
              .invoke(null, arguments, jar.version());
      why = (String) entry.getMethod("off").invoke(agent);
      if (why == null) {
        configured.countDown();
        if (!(Boolean) entry.getMethod("startsAtOnce").invoke(agent)) {
          noticed.await();
          if (wanted.getCount() != 0
              && (Boolean) entry.getMethod("mayWatch", Object.class).invoke(agent, hostTelemetry)) {
            watch =
                (ClassFileTransformer)
                    entry.getMethod("watch", Instrumentation.class).invoke(agent, instrumentation);
            watching.countDown();
            weaveLoaded(true);
            woven.countDown();
            wanted.await();
          }
        }
        Method start = entry.getMethod("start", Instrumentation.class, Object.class);
        weaver = (ClassFileTransformer) start.invoke(agent, instrumentation, hostTelemetry);
        why = (String) entry.getMethod("off").invoke(agent);
      }
    } catch (Throwable failure) {
      failed = true;
      why = "could not start, the program runs without it: " + cause(failure);
      Stderr.line(why);
    } finally {
      if (why != null && watch == null) {
        instrumentation.removeTransformer(this);
        off = !failed;
        AttachState.off(why);
      }
      configured.countDown();
      started.countDown();
      watching.countDown();
    }
    if (weaver != null) {
      watch = null;
      weaveLoaded(false);
    }
    woven.countDown();
    if (weaver != null) {
      open(agent);
    }
    if (weaver != null || watch != null) {
      weaveAgain();
    }
  }

  /** What nobody waits for. */
  private static void open(Object agent) {
    try {
      agent.getClass().getMethod("open").invoke(agent);
    } catch (Throwable failure) {
      Stderr.line("could not open all that it tells others of calls with: " + cause(failure));
    }
  }

  /**
   * The host keeps the OpenTelemetry API under names of its own; ours must mean the same classes.
   */
  @SuppressWarnings("unchecked")
  private static void useNamesOfHost(AgentClassLoader loader) throws ReflectiveOperationException {
    Class<?> names = Class.forName("io.flyball.javaagent.HostNames", true, loader);
    loader.rewriteWith((UnaryOperator<byte[]>) names.getConstructor().newInstance());
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof InvocationTargetException ? failure.getCause() : failure;
  }

  /** Classes that were loaded before the start, or that the start itself loaded. */
  private void weaveLoaded(boolean onlyKnown) {
    for (Class<?> type : loadedHookedTypes()) {
      if (onlyKnown && !isOnlyKnown(type)) {
        continue;
      }
      weaveLoaded(type);
    }
  }

  private void weaveLoaded(Class<?> type) {
    try {
      instrumentation.retransformClasses(type);
    } catch (Throwable failure) {
      Stderr.line(type.getName() + " is left alone: " + failure);
    }
  }

  /** What could not be woven on the thread that defined it: here, once it is defined. */
  private void weaveAgain() {
    try {
      while (true) {
        Set<String> names = new HashSet<>();
        names.add(again.take());
        for (int time = 0; !names.isEmpty() && time < MOST_TIMES; time++) {
          Thread.sleep(FIRST_PAUSE_MILLIS << time);
          again.drainTo(names);
          weaveAgain(names);
        }
      }
    } catch (InterruptedException ended) {
      Thread.currentThread().interrupt();
    }
  }

  /** Leaves those names that are not there yet, or have to be tried again. */
  private void weaveAgain(Set<String> names) {
    Set<String> found = new HashSet<>();
    for (Class<?> type : loadedHookedTypes()) {
      String name = type.getName().replace('.', '/');
      if (names.contains(name)) {
        weaveLoaded(type);
        found.add(name);
      }
    }
    names.removeAll(found);
  }

  private boolean isOnlyKnown(Class<?> hooked) {
    return hookedTypes.get(hooked.getName().replace('.', '/')) != HookedType.GOVERNED;
  }

  private List<Class<?>> loadedHookedTypes() {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (hookedTypes.containsKey(type.getName().replace('.', '/'))
          && !isAgents(type.getClassLoader())) {
        types.add(type);
      }
    }
    return types;
  }

  /** A program that ends at once must not hide what is wrong with its configuration. */
  private final class AwaitConfiguration extends Thread {
    AwaitConfiguration() {
      super("flyball-configuration-told");
    }

    @Override
    public void run() {
      BoundedWait.await(configured);
    }
  }
}
