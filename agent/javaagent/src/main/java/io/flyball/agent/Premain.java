package io.flyball.agent;

import java.lang.instrument.Instrumentation;
import java.security.AllPermission;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Where the JVM enters. Nothing happens here but a look at the switch and the registration of one
 * name check; see {@link Ignition} for the rest.
 */
public final class Premain {
  private static final AtomicBoolean ATTACHED = new AtomicBoolean();

  private Premain() {}

  /** Called by the JVM before the application's main ({@code -javaagent:}). */
  public static void premain(String arguments, Instrumentation instrumentation) {
    attach(arguments, instrumentation);
  }

  /** Called by the JVM when the agent is attached to a running program. */
  public static void agentmain(String arguments, Instrumentation instrumentation) {
    attach(arguments, instrumentation);
  }

  private static void attach(String arguments, Instrumentation instrumentation) {
    try {
      if (!UserSettings.enabled(arguments)) {
        return;
      }
      if (Premain.class.getClassLoader() == null || !ATTACHED.compareAndSet(false, true)) {
        // On the bootstrap loader this class was found in a jar that another door has opened
        // already.
        Stderr.line("is attached already; this second attachment changes nothing");
        return;
      }
      if (Ignition.underSecurityManager()) {
        // Half of the permissions would make half an agent, and errors that mislead.
        System.getSecurityManager().checkPermission(new AllPermission());
      }
      System.setProperty(AttachApi.ATTACHED, "true");
      new Ignition(instrumentation, AgentJar.own(), arguments, null).arm();
    } catch (SecurityException denied) {
      Stderr.line(
          "could not attach, the program runs without it: the security manager does not let it;"
              + " grant its jar java.security.AllPermission ("
              + denied.getMessage()
              + ')');
    } catch (Throwable failure) {
      Stderr.line("could not attach, the program runs without it: " + failure);
    }
  }
}
