package io.flyball.agent;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Set;

/**
 * What the operating system tells of a process before anybody connects to it. The attach mechanism
 * begins with a SIGQUIT, which ends whatever is no JVM or does not listen to it.
 */
final class RunningJvm {
  private static final int SIGQUIT = 3;
  private static final Path PROC = Paths.get("/proc");

  private final String pid;
  private final Path proc;

  private RunningJvm(String pid, Path proc) {
    this.pid = pid;
    this.proc = proc;
  }

  static RunningJvm of(String pid) {
    return new RunningJvm(pid, Files.isDirectory(PROC.resolve("self")) ? PROC.resolve(pid) : null);
  }

  /**
   * Makes sure that connecting to it is harmless.
   *
   * @param listed the JVMs that this one sees; where the operating system shows no more, no others
   *     count
   * @throws UsageException when it is not, or nobody can tell
   */
  void mustBeAttachable(Set<Long> listed) throws UsageException {
    boolean known = listed.contains(Long.valueOf(pid));
    if (proc == null) {
      if (!known) {
        throw new UsageException(pid + " is no JVM of this user; 'list' shows them");
      }
      return;
    }
    if (!Files.isDirectory(proc)) {
      throw new UsageException("there is no process " + pid);
    }
    if (!known && !hasJvmLibrary()) {
      throw new UsageException(
          pid + " is no JVM that this user may attach to; 'list' shows those that are");
    }
    if (!catchesQuit()) {
      throw new UsageException(
          "not attached to "
              + pid
              + ": it does not listen for an attachment, which would end it (it was started with"
              + " -Xrs, is only starting, or is not this user's)");
    }
  }

  /** Of one that keeps no performance data, or keeps it in another container. */
  private boolean hasJvmLibrary() {
    return text("maps").contains("/libjvm.so");
  }

  private boolean catchesQuit() {
    for (String line : text("status").split("\n")) {
      if (line.startsWith("SigCgt:")) {
        String mask = line.substring("SigCgt:".length()).trim();
        return (Long.parseUnsignedLong(mask, 16) >>> (SIGQUIT - 1) & 1) == 1;
      }
    }
    return false;
  }

  /**
   * Whether it has the jar of an agent of ours open. Nothing is sent to it for that; false where
   * the operating system does not tell.
   *
   * @param own the jar that this program runs from
   */
  boolean hasOpen(File own) {
    File[] open = proc == null ? null : proc.resolve("fd").toFile().listFiles();
    if (open == null) {
      return false;
    }
    for (File each : open) {
      try {
        Path target = Files.readSymbolicLink(each.toPath());
        String name = String.valueOf(target.getFileName());
        if (target.equals(own.toPath().toRealPath())
            || (name.startsWith("flyball-agent") && name.endsWith(".jar"))) {
          return true;
        }
      } catch (IOException | RuntimeException closedMeanwhile) {
        continue;
      }
    }
    return false;
  }

  /** Empty where it cannot be read. */
  private String text(String file) {
    try {
      return new String(Files.readAllBytes(proc.resolve(file)), StandardCharsets.ISO_8859_1);
    } catch (IOException | SecurityException unreadable) {
      return "";
    }
  }
}
