package io.flyball.agent;

import java.lang.instrument.Instrumentation;
import java.security.AllPermission;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Where the JVM enters. Nothing happens here but a look at the switch and the registration of one
 * name check; see {@link Ignition} for the rest.
 */
public final class Premain {
  /** Also while it starts. Null as long as there is none, or one that could not begin. */
  private static final AtomicReference<Ignition> IGNITION = new AtomicReference<>();

  private Premain() {}

  /** Called by the JVM before the application's main ({@code -javaagent:}). */
  public static void premain(String arguments, Instrumentation instrumentation) {
    attach(arguments, instrumentation, false);
  }

  /** Called by the JVM when the agent is attached to a running program. */
  public static void agentmain(String arguments, Instrumentation instrumentation) {
    attach(arguments, instrumentation, true);
  }

  private static void attach(
      String arguments, Instrumentation instrumentation, boolean whileRunning) {
    try {
      if (!UserSettings.enabled(arguments)) {
        return;
      }
      Ignition before = IGNITION.get();
      // On the bootstrap loader this class was found in a jar that another door has opened already.
      if (Premain.class.getClassLoader() == null || (before != null && !before.isOff())) {
        Stderr.line("is attached already; this second attachment changes nothing");
        return;
      }
      if (Ignition.underSecurityManager()) {
        // Half of the permissions would make half an agent, and errors that mislead.
        System.getSecurityManager().checkPermission(new AllPermission());
      }
      Ignition ignition =
          new Ignition(instrumentation, AgentJar.own(), arguments, null, whileRunning);
      if (!IGNITION.compareAndSet(before, ignition)) {
        return;
      }
      AttachState.on();
      ignition.arm();
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
