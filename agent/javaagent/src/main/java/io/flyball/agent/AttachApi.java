package io.flyball.agent;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** The JDK's attach API, by name: Java 8 has it outside the class path, a JRE not at all. */
final class AttachApi {
  /**
   * A system property of a JVM with an agent: all that another process can see. Not below {@code
   * flyball.}, where users' settings are.
   */
  static final String ATTACHED = "io.flyball.attached";

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
              + ") has no attach API: run the command with the java of a JDK");
    }
  }

  /** Process ids of this user's JVMs, with what they run. */
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
   * Connects to a JVM of this user.
   *
   * @throws UsageException when that is not possible
   */
  Jvm connect(String pid) throws UsageException {
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
      Properties there = (Properties) virtualMachine.getMethod("getSystemProperties").invoke(vm);
      for (String name : there.stringPropertyNames()) {
        properties.put(name, there.getProperty(name, ""));
      }
    }

    /** Its system properties. */
    Map<String, String> properties() {
      return properties;
    }

    /** Whether an agent of ours is there already. */
    boolean isAttached() {
      return properties.containsKey(ATTACHED);
    }

    /**
     * Loads the agent and returns when it has been armed there.
     *
     * @param arguments agent arguments
     */
    void load(File agentJar, String arguments) throws UsageException {
      try {
        Method loadAgent = virtualMachine.getMethod("loadAgent", String.class, String.class);
        loadAgent.invoke(vm, agentJar.getAbsolutePath(), arguments);
      } catch (ReflectiveOperationException e) {
        throw cannotAttach(pid, e);
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
            + " -XX:+DisableAttachMechanism, and is this a JDK as new as its Java?");
  }

  private static Throwable reason(ReflectiveOperationException e) {
    return e instanceof InvocationTargetException ? e.getCause() : e;
  }
}
