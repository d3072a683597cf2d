package io.flyball.agent;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;

/** The JDK's attach API, by name: Java 8 has it outside the class path, a JRE not at all. */
final class AttachApi {
  private final Class<?> virtualMachine;

  private AttachApi(Class<?> virtualMachine) {
    this.virtualMachine = virtualMachine;
  }

  /**
   * @throws UsageException when this Java has none
   */
  static AttachApi find() throws UsageException {
    String name = "com.sun.tools.attach.VirtualMachine";
    try {
      return new AttachApi(Class.forName(name));
    } catch (ClassNotFoundException notInTheModules) {
      File tools = new File(System.getProperty("java.home"), "../lib/tools.jar");
      if (tools.isFile()) {
        try {
          URL[] urls = {tools.toURI().toURL()};
          return new AttachApi(Class.forName(name, true, new URLClassLoader(urls)));
        } catch (ClassNotFoundException | MalformedURLException unusable) {
          // Told below.
        }
      }
      throw new UsageException(
          "this Java ("
              + System.getProperty("java.home")
              + ") has no attach API: run the command with the java of a JDK, or of an image with"
              + " the module jdk.attach");
    }
  }

  /** Of the running program. Java 8 tells it nowhere else than a later one need not have. */
  static String ownPid() {
    try {
      Class<?> handle = Class.forName("java.lang.ProcessHandle");
      Object own = handle.getMethod("current").invoke(null);
      return String.valueOf(handle.getMethod("pid").invoke(own));
    } catch (ReflectiveOperationException java8) {
      return ManagementFactory.getRuntimeMXBean().getName().split("@", 2)[0];
    }
  }

  /** Process ids of this user's JVMs, with what they run and their arguments. */
  Map<Long, String> list() throws UsageException {
    Map<Long, String> programs = new TreeMap<>();
    try {
      for (Object descriptor : (List<?>) virtualMachine.getMethod("list").invoke(null)) {
        Class<?> type =
            Class.forName(
                virtualMachine.getName() + "Descriptor", true, virtualMachine.getClassLoader());
        programs.put(
            Long.valueOf((String) type.getMethod("id").invoke(descriptor)),
            (String) type.getMethod("displayName").invoke(descriptor));
      }
      return programs;
    } catch (ReflectiveOperationException e) {
      throw new UsageException("cannot list the running JVMs: " + reason(e));
    }
  }

  /**
   * Connects to a JVM of this user, after it is known that this does it no harm.
   *
   * @throws UsageException when that is not possible
   */
  Jvm connect(String pid) throws UsageException {
    RunningJvm.of(pid).mustBeAttachable(list().keySet());
    try {
      return new Jvm(pid, virtualMachine.getMethod("attach", String.class).invoke(null, pid));
    } catch (ReflectiveOperationException e) {
      throw cannotAttach(pid, e);
    }
  }

  /** A JVM that runs. */
  final class Jvm implements AutoCloseable {
    private final String pid;
    private final Object vm;
    private final Map<String, String> properties = new TreeMap<>();

    private Jvm(String pid, Object vm) throws ReflectiveOperationException {
      this.pid = pid;
      this.vm = vm;
      readProperties();
    }

    private void readProperties() throws ReflectiveOperationException {
      Properties there = (Properties) virtualMachine.getMethod("getSystemProperties").invoke(vm);
      properties.clear();
      for (String name : there.stringPropertyNames()) {
        properties.put(name, there.getProperty(name, ""));
      }
    }

    /** Its system properties. */
    Map<String, String> properties() {
      return properties;
    }

    /** How an agent of ours is there. */
    AttachState state() {
      return AttachState.of(properties.get(AttachState.property()));
    }

    /**
     * Loads the agent, returns when it has been armed there, or has given up, and looks at {@link
     * #state()} anew. What that says counts: from one Java version to another the API takes the
     * answer of a JVM that has loaded the agent for an error ({@code Non-numeric value found},
     * {@code AgentLoadException: 0}).
     *
     * @param arguments agent arguments
     */
    void load(File agentJar, String arguments) throws UsageException {
      String before = properties.get(AttachState.property());
      ReflectiveOperationException failure = null;
      try {
        Method loadAgent = virtualMachine.getMethod("loadAgent", String.class, String.class);
        loadAgent.invoke(vm, agentJar.getAbsolutePath(), arguments);
      } catch (ReflectiveOperationException e) {
        failure = e;
      }
      try {
        readProperties();
      } catch (ReflectiveOperationException e) {
        throw cannotAttach(pid, failure == null ? e : failure);
      }
      if (failure != null && Objects.equals(before, properties.get(AttachState.property()))) {
        throw cannotAttach(pid, failure);
      }
    }

    @Override
    public void close() throws UsageException {
      try {
        virtualMachine.getMethod("detach").invoke(vm);
      } catch (ReflectiveOperationException e) {
        throw cannotAttach(pid, e);
      }
    }
  }

  private static UsageException cannotAttach(String pid, ReflectiveOperationException e) {
    return new UsageException(
        "cannot attach to "
            + pid
            + ": "
            + reason(e)
            + "\nIs it a running JVM of the same user, started without"
            + " -XX:+DisableAttachMechanism?");
  }

  private static Throwable reason(ReflectiveOperationException e) {
    return e instanceof InvocationTargetException ? e.getCause() : e;
  }
}
