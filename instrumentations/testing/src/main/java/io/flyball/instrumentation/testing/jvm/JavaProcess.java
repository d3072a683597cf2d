package io.flyball.instrumentation.testing.jvm;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A program in a JVM of its own, with what it printed. Its environment has no Flyball in it. */
public final class JavaProcess implements AutoCloseable {
  private final Process process;
  private final List<String> command;
  private final Output out;
  private final Output err;

  private JavaProcess(Process process, List<String> command) {
    this.process = process;
    this.command = command;
    this.out = new Output(process.getInputStream(), "out");
    this.err = new Output(process.getErrorStream(), "err");
  }

  public static Builder on(Jdk jdk) {
    return new Builder(jdk);
  }

  /**
   * Waits for the end.
   *
   * @throws AssertionError when it takes longer; the process is killed and its output is told
   */
  public JavaProcess await(long time, TimeUnit unit) {
    try {
      if (!process.waitFor(time, unit)) {
        process.destroyForcibly();
        throw new AssertionError("still running after " + time + ' ' + unit + describe());
      }
      out.reader.join();
      err.reader.join();
      return this;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      throw new AssertionError("interrupted while waiting" + describe());
    }
  }

  /** Waits until a line of its standard output or error is as wanted, and returns that line. */
  public String awaitLine(Predicate<String> wanted, long time, TimeUnit unit) {
    long deadline = System.nanoTime() + unit.toNanos(time);
    while (true) {
      for (String line : (out() + '\n' + err()).split("\n")) {
        if (wanted.test(line)) {
          return line;
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("no such line after " + time + ' ' + unit + describe());
      }
      try {
        if (process.waitFor(20, TimeUnit.MILLISECONDS)
            && !out.reader.isAlive()
            && !err.reader.isAlive()) {
          deadline = Math.min(deadline, System.nanoTime());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError("interrupted while waiting" + describe());
      }
    }
  }

  public int exitCode() {
    return process.exitValue();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  public String out() {
    return out.text();
  }

  public String err() {
    return err.text();
  }

  /** Command, standard output and error, for an assertion's message. */
  public String describe() {
    return "\n--- command: "
        + String.join(" ", command)
        + "\n--- stdout:\n"
        + out()
        + "\n--- stderr:\n"
        + err();
  }

  /** The process id as the operating system knows it (Java 9 and later). */
  public String pid() {
    try {
      return String.valueOf(Process.class.getMethod("pid").invoke(process));
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("tests that need a process id run on Java 9 or later", e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** Collects the command line. */
  public static final class Builder {
    private final Jdk jdk;
    private final List<String> jvmArguments = new ArrayList<>();
    private final List<String> program = new ArrayList<>();
    private final Map<String, String> environment = new TreeMap<>();
    private File directory;

    private Builder(Jdk jdk) {
      this.jdk = jdk;
    }

    public Builder jvm(String... arguments) {
      jvmArguments.addAll(Arrays.asList(arguments));
      return this;
    }

    /**
     * Without the optimising compiler, whose work does not pay in a program of a few seconds: half
     * of such a test's processor time.
     */
    public Builder shortLived() {
      return jvm("-XX:TieredStopAtLevel=1");
    }

    public Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    public Builder directory(File value) {
      this.directory = value;
      return this;
    }

    public Builder classPath(String classPath, String mainClass, String... arguments) {
      program.addAll(Arrays.asList("-cp", classPath, mainClass));
      program.addAll(Arrays.asList(arguments));
      return this;
    }

    public Builder jar(File jar, String... arguments) {
      program.addAll(Arrays.asList("-jar", jar.getPath()));
      program.addAll(Arrays.asList(arguments));
      return this;
    }

    public JavaProcess start() {
      List<String> command = new ArrayList<>();
      command.add(new File(jdk.home(), "bin/java").getPath());
      command.addAll(jvmArguments);
      command.addAll(program);
      ProcessBuilder builder = new ProcessBuilder(command);
      Map<String, String> inherited = builder.environment();
      inherited
          .keySet()
          .removeIf(
              name ->
                  name.startsWith("FLYBALL_")
                      || name.startsWith("OTEL_")
                      || name.equals("JAVA_TOOL_OPTIONS")
                      || name.equals("JDK_JAVA_OPTIONS"));
      inherited.putAll(environment);
      builder.directory(directory);
      try {
        return new JavaProcess(builder.start(), command);
      } catch (IOException e) {
        throw new AssertionError("cannot start " + command, e);
      }
    }
  }

  private static final class Output {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Thread reader;

    Output(InputStream in, String name) {
      reader =
          new Thread(
              () -> {
                byte[] buffer = new byte[8192];
                try {
                  for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                    synchronized (bytes) {
                      bytes.write(buffer, 0, n);
                    }
                  }
                } catch (IOException closed) {
                  // The process was killed; what it printed so far stands.
                }
              },
              "process-" + name);
      reader.setDaemon(true);
      reader.start();
    }

    String text() {
      synchronized (bytes) {
        return new String(bytes.toByteArray(), StandardCharsets.UTF_8);
      }
    }
  }
}
