package io.flyball.settings;

import io.flyball.base.file.BoundedFile;
import io.flyball.base.file.FileReads;
import io.flyball.base.file.UnreadableFileException;
import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Reads the configuration again when the content of its file changes. It asks for the content every
 * second instead of being notified: that also works on mounted volumes whose files are symbolic
 * links. A change counts once it was the same twice, so that a file is not read half written.
 */
public final class ConfigWatcher implements AutoCloseable {
  private static final long INTERVAL_MILLIS = 1_000;
  private static final byte[] UNREADABLE = {};

  /** Told of every good change, on the watcher's thread. */
  public interface Listener {

    /**
     * Called when at least one setting differs.
     *
     * @param next in force from now on; what needs a restart is as it was at start
     * @param changes the settings that differ from the configuration before, never empty
     */
    void configChanged(Settings next, List<EffectiveSetting> changes);
  }

  private final Settings startup;
  private final Path file;
  private final Supplier<LoadedConfig> reload;
  private final Listener listener;
  private final Log log;
  private final CountDownLatch closed = new CountDownLatch(1);

  /** What was warned of: a problem that stays is told once. */
  private final Set<String> told = new HashSet<>();

  private Settings current;
  private byte[] read;
  private byte[] seen;

  /**
   * @param startup what the application started with; its file is watched
   * @param reload reads all sources again
   */
  public ConfigWatcher(
      Settings startup, Supplier<LoadedConfig> reload, Listener listener, Log log) {
    this.startup = Objects.requireNonNull(startup, "startup");
    this.file = startup.get(ConfigLoader.FILE);
    this.reload = Objects.requireNonNull(reload, "reload");
    this.listener = Objects.requireNonNull(listener, "listener");
    this.log = Objects.requireNonNull(log, "log");
    this.current = startup;
    this.read = contentInTime();
    this.seen = read;
  }

  /**
   * Watches the configuration's file, when it has one, on a daemon thread until closed.
   *
   * @param startup what the application started with
   * @param reload reads all sources again
   */
  public static ConfigWatcher start(
      Settings startup, Supplier<LoadedConfig> reload, Listener listener, Log log) {
    ConfigWatcher watcher = new ConfigWatcher(startup, reload, listener, log);
    if (startup.get(ConfigLoader.FILE) != null) {
      Thread thread = new Thread(watcher::watch, "flyball-config");
      thread.setDaemon(true);
      // Else the thread would hold on to the application that started it.
      thread.setContextClassLoader(ConfigWatcher.class.getClassLoader());
      thread.start();
    }
    return watcher;
  }

  /** Stops watching; does not wait for a reload that is under way. */
  @Override
  public void close() {
    closed.countDown();
  }

  private void watch() {
    try {
      while (!closed.await(INTERVAL_MILLIS, TimeUnit.MILLISECONDS)) {
        poll();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at the file once. */
  public void poll() {
    try {
      byte[] content = content();
      boolean settled = Arrays.equals(content, seen);
      seen = content;
      if (settled && !Arrays.equals(content, read)) {
        read = content;
        reload();
      }
    } catch (Throwable e) {
      // Out of the thread it would reach the application's handler of uncaught exceptions.
      log.log(Level.ERROR, "the configuration could not be read again", e);
    }
  }

  private void reload() {
    LoadedConfig loaded = reload.get();
    if (!loaded.ok() || !loaded.unfinished().isEmpty()) {
      log.error("the changed configuration has errors, the one before stays in force:");
      loaded.errors().forEach(problem -> log.error(problem.toString()));
      loaded.unfinished().forEach(problem -> log.error(problem.toString()));
      return;
    }
    for (ConfigProblem warning : loaded.warnings()) {
      if (told.add(warning.toString())) {
        log.warn("configuration: " + warning);
      }
    }
    Settings next = loaded.config().keepingStartup(startup);
    List<EffectiveSetting> changes = current.changesTo(next);
    List<String> afterRestart = new ArrayList<>();
    for (EffectiveSetting setting : startup.changesTo(loaded.config())) {
      if (setting.needsRestart()) {
        afterRestart.add(setting.property());
      }
    }
    log.info("configuration read again: " + summary(changes, afterRestart));
    current = next;
    if (!changes.isEmpty()) {
      listener.configChanged(next, changes);
    }
  }

  private static String summary(List<EffectiveSetting> changes, List<String> afterRestart) {
    List<String> now = new ArrayList<>();
    for (EffectiveSetting setting : changes) {
      now.add(setting.property());
    }
    String changed = now.isEmpty() ? "nothing changed" : "changed " + String.join(", ", now);
    return afterRestart.isEmpty()
        ? changed
        : changed + "; after a restart " + String.join(", ", afterRestart);
  }

  /** What is in the file; {@link #UNREADABLE} when it cannot be read. */
  private byte[] content() {
    try {
      return file == null ? UNREADABLE : BoundedFile.read(file, YamlFile.MAX_BYTES);
    } catch (UnreadableFileException e) {
      return UNREADABLE;
    }
  }

  /** The same for the start, which does not wait for a file system that hangs. */
  private byte[] contentInTime() {
    try {
      return file == null
          ? UNREADABLE
          : new FileReads(FileReads.USUAL_MILLIS).read(file, YamlFile.MAX_BYTES);
    } catch (UnreadableFileException e) {
      return UNREADABLE;
    }
  }
}
