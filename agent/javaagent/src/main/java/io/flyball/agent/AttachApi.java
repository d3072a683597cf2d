package io.flyball.agent;

import java.io.File;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.List;
import java.util.Map;
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
   * Loads the agent into that JVM and returns when it has been armed there.
   *
   * @param arguments agent arguments
   */
  void attach(String pid, File agentJar, String arguments) throws UsageException {
    try {
      Object vm = virtualMachine.getMethod("attach", String.class).invoke(null, pid);
      try {
        Method loadAgent = virtualMachine.getMethod("loadAgent", String.class, String.class);
        loadAgent.invoke(vm, agentJar.getAbsolutePath(), arguments);
      } finally {
        virtualMachine.getMethod("detach").invoke(vm);
      }
    } catch (ReflectiveOperationException e) {
      throw new UsageException(
          "cannot attach to "
              + pid
              + ": "
              + reason(e)
              + "\nIs it a running JVM of the same user, started without"
              + " -XX:+DisableAttachMechanism, and is this a JDK as new as its Java?");
    }
  }

  private static Throwable reason(ReflectiveOperationException e) {
    return e instanceof InvocationTargetException ? e.getCause() : e;
  }
}
