package io.flyball.agent;

import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;

/** The start inside another agent, whose extension loader has loaded this class. */
public final class Hosted {
  private static final String HOLDER = "io.opentelemetry.javaagent.bootstrap.InstrumentationHolder";
  private static final String PREMAIN = "io.flyball.agent.Premain";

  private Hosted() {}

  /** Whether Flyball is wanted at all. */
  public static boolean enabled() {
    return UserSettings.enabled(null);
  }

  /**
   * Starts with the host's {@code OpenTelemetry} for spans and metrics; no SDK of ours is started.
   * Does nothing when it is switched off, or came through {@code -javaagent:} already.
   */
  public static void start(Object openTelemetry) throws IOException, ReflectiveOperationException {
    if (!enabled()) {
      return;
    }
    if (attachedDirectly()) {
      Stderr.line("is attached already with -javaagent; the extension does nothing");
      return;
    }
    Instrumentation instrumentation =
        (Instrumentation)
            Class.forName(HOLDER, true, null).getMethod("getInstrumentation").invoke(null);
    Ignition ignition = new Ignition(instrumentation, extensionJar(), null, openTelemetry, false);
    AttachState.on();
    ignition.arm();
  }

  /** Tells of a failure that must not reach the host. */
  public static void failed(Throwable failure) {
    Stderr.line("could not start as an extension, the program runs without it: " + failure);
  }

  private static boolean attachedDirectly() {
    try {
      Class<?> premain = Class.forName(PREMAIN, false, ClassLoader.getSystemClassLoader());
      return premain.getClassLoader() == ClassLoader.getSystemClassLoader();
    } catch (ClassNotFoundException absent) {
      return false;
    }
  }

  /** The host hides where it loads us from, but the user told it. */
  private static AgentJar extensionJar() throws IOException {
    String extensions = System.getProperty("otel.javaagent.extensions");
    if (extensions == null) {
      extensions = System.getenv("OTEL_JAVAAGENT_EXTENSIONS");
    }
    if (extensions != null) {
      for (String path : extensions.split(",")) {
        File named = new File(path.trim());
        File[] candidates = named.isDirectory() ? named.listFiles() : new File[] {named};
        for (File candidate : candidates == null ? new File[0] : candidates) {
          if (candidate.getName().endsWith(".jar") && AgentJar.isAgentJar(candidate)) {
            return AgentJar.of(candidate);
          }
        }
      }
    }
    throw new IllegalStateException(
        "no Flyball jar among otel.javaagent.extensions or OTEL_JAVAAGENT_EXTENSIONS");
  }
}
