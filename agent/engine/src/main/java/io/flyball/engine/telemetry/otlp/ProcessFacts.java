package io.flyball.engine.telemetry.otlp;

import io.flyball.base.DetachedThread;
import io.flyball.base.file.FileReads;
import io.flyball.base.file.UnreadableFileException;
import io.opentelemetry.api.common.AttributesBuilder;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Paths;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Which process on which host tells: the {@code service.instance.id}, {@code host.*}, {@code os.*}
 * and {@code process.*} of the conventions. Not the command line, in which there may be secrets.
 */
final class ProcessFacts {
  private static final long HOST_NAME_MILLIS = 500;
  private static final int MAX_HOST_NAME = 1024;

  private ProcessFacts() {}

  static void describe(AttributesBuilder attributes) {
    attributes.put("service.instance.id", UUID.randomUUID().toString());
    put(attributes, "host.name", hostName());
    put(attributes, "host.arch", architecture(System.getProperty("os.arch", "")));
    put(attributes, "os.type", system(System.getProperty("os.name", "")));
    long pid = pid();
    if (pid > 0) {
      attributes.put("process.pid", pid);
    }
    put(attributes, "process.executable.path", executable());
    put(attributes, "process.runtime.name", System.getProperty("java.runtime.name"));
    put(attributes, "process.runtime.version", System.getProperty("java.runtime.version"));
    put(attributes, "process.runtime.description", System.getProperty("java.vm.name"));
  }

  private static void put(AttributesBuilder attributes, String name, String value) {
    if (value != null && !value.isEmpty()) {
      attributes.put(name, value);
    }
  }

  /**
   * Asking the resolver may take as long as a name server does; so that is the last way, and brief.
   */
  private static String hostName() {
    for (String variable : new String[] {"HOSTNAME", "COMPUTERNAME"}) {
      String name = System.getenv(variable);
      if (name != null && !name.trim().isEmpty()) {
        return name.trim();
      }
    }
    try {
      byte[] file = new FileReads(HOST_NAME_MILLIS).read(Paths.get("/etc/hostname"), MAX_HOST_NAME);
      String name = new String(file, StandardCharsets.UTF_8).trim();
      if (!name.isEmpty()) {
        return name;
      }
    } catch (UnreadableFileException | RuntimeException elsewhere) {
      // Not Linux, or not told.
    }
    FutureTask<String> asking = new FutureTask<>(() -> InetAddress.getLocalHost().getHostName());
    DetachedThread.create("flyball-host-name", asking).start();
    try {
      return asking.get(HOST_NAME_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } catch (Exception unknown) {
      return null;
    }
  }

  private static String architecture(String name) {
    String arch = name.toLowerCase(Locale.ROOT);
    if (arch.equals("x86_64") || arch.equals("amd64")) {
      return "amd64";
    }
    if (arch.equals("aarch64") || arch.equals("arm64")) {
      return "arm64";
    }
    return arch.matches("i[3-6]86|x86") ? "x86" : arch;
  }

  private static String system(String name) {
    String os = name.toLowerCase(Locale.ROOT);
    if (os.startsWith("windows")) {
      return "windows";
    }
    return os.startsWith("mac") ? "darwin" : os.replace(' ', '_');
  }

  /** 0 when it is not known. */
  private static long pid() {
    try {
      Object self = Class.forName("java.lang.ProcessHandle").getMethod("current").invoke(null);
      return (Long) Class.forName("java.lang.ProcessHandle").getMethod("pid").invoke(self);
    } catch (ReflectiveOperationException | RuntimeException java8) {
      String name = ManagementFactory.getRuntimeMXBean().getName();
      String digits = name.substring(0, Math.max(0, name.indexOf('@')));
      return digits.matches("\\d{1,18}") ? Long.parseLong(digits) : 0;
    }
  }

  private static String executable() {
    String home = System.getProperty("java.home", "");
    boolean windows = System.getProperty("os.name", "").startsWith("Windows");
    return home.isEmpty() ? null : Paths.get(home, "bin", windows ? "java.exe" : "java").toString();
  }
}
