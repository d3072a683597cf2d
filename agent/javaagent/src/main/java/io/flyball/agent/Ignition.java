package io.flyball.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Starts the agent when the first class that it hooks is defined; until then every class costs one
 * look-up of its name.
 *
 * <p>The first thread that defines such a class starts the agent, others that define one meanwhile
 * wait, so that no hook is missed. They wait no longer than {@link #LONGEST_WAIT_SECONDS}: should
 * the start ever need a class that such a thread is defining, it goes on unhooked and its class is
 * woven afterwards, as are classes that were loaded before.
 */
final class Ignition implements ClassFileTransformer {
  private static final long LONGEST_WAIT_SECONDS = 10;
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
  private final Map<String, String> settings;
  private final Set<String> hookedTypes;
  private final Object hostTelemetry;

  private final AtomicReference<Thread> starter = new AtomicReference<>();
  private final CountDownLatch started = new CountDownLatch(1);
  private volatile ClassFileTransformer weaver;
  private AgentClassLoader loader;
  private Object agent;

  Ignition(Instrumentation instrumentation, AgentJar jar, Map<String, String> settings)
      throws java.io.IOException {
    this(instrumentation, jar, settings, null);
  }

  /**
   * @param hostTelemetry the {@code OpenTelemetry} of the agent we are an extension of, or null
   */
  Ignition(
      Instrumentation instrumentation,
      AgentJar jar,
      Map<String, String> settings,
      Object hostTelemetry)
      throws java.io.IOException {
    this.instrumentation = instrumentation;
    this.jar = jar;
    this.settings = settings;
    this.hostTelemetry = hostTelemetry;
    this.hookedTypes = jar.hookedTypes();
  }

  /** Begins to listen; starts at once when a hooked class is loaded already. */
  void arm() throws Exception {
    instrumentation.addTransformer(this, true);
    if (!loadedHookedTypes().isEmpty()) {
      weaver();
    }
  }

  @Override
  public byte[] transform(
      ClassLoader definingLoader,
      String className,
      Class<?> redefined,
      ProtectionDomain protectionDomain,
      byte[] bytes) {
    if (className == null || !hookedTypes.contains(className) || isAgents(definingLoader)) {
      return null;
    }
    try {
      ClassFileTransformer ready = weaver();
      return ready == null
          ? null
          : ready.transform(definingLoader, className, redefined, protectionDomain, bytes);
    } catch (Throwable failure) {
      Stderr.line(className.replace('/', '.') + " is left alone: " + failure);
      return null;
    }
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

  /** The weaver, started if need be; null while this very thread starts it, or when that failed. */
  private ClassFileTransformer weaver() {
    if (started.getCount() == 0) {
      return weaver;
    }
    Thread current = Thread.currentThread();
    if (starter.compareAndSet(null, current)) {
      try {
        weaver = start();
      } catch (Throwable failure) {
        Stderr.line("could not start, the program runs without it: " + cause(failure));
      } finally {
        started.countDown();
      }
      if (weaver == null) {
        instrumentation.removeTransformer(this);
      } else {
        weaveLoaded();
      }
    } else if (starter.get() != current) {
      awaitStart();
    }
    return weaver;
  }

  private void awaitStart() {
    try {
      started.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private ClassFileTransformer start() throws Exception {
    new BootstrapBridge(instrumentation, jar).install();
    loader = new AgentClassLoader(jar.file(), AgentClassLoader.runningRelease());
    Class<?> entry = Class.forName(ENTRY, true, loader);
    agent = entry.getMethod("configure", Map.class).invoke(null, settings);
    return agent == null
        ? null
        : (ClassFileTransformer)
            entry.getMethod("start", Object.class).invoke(agent, hostTelemetry);
  }

  private static Throwable cause(Throwable failure) {
    return failure instanceof InvocationTargetException ? failure.getCause() : failure;
  }

  /** Classes that were loaded before the start, or that the start itself loaded. */
  private void weaveLoaded() {
    for (Class<?> type : loadedHookedTypes()) {
      try {
        instrumentation.retransformClasses(type);
      } catch (Throwable failure) {
        Stderr.line(type.getName() + " is left alone: " + failure);
      }
    }
  }

  private List<Class<?>> loadedHookedTypes() {
    List<Class<?>> types = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (hookedTypes.contains(type.getName().replace('.', '/'))
          && !isAgents(type.getClassLoader())) {
        types.add(type);
      }
    }
    return types;
  }
}
