package io.flyball.engine.anomaly;

import io.flyball.base.file.BoundedFile;
import io.flyball.base.log.PrivateFiles;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.TimeSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Keeps what is usual in a file, so that a JVM that starts anew need not learn it anew. Read before
 * the first call is looked at, written every hour and at the end, once there is an hour's worth.
 * Must hear of a call before {@link Anomalies} does. Of several JVMs the last one that writes is
 * remembered.
 */
public final class AnomalyMemory implements CallListener {
  private static final String NAME = "anomaly-history";
  private static final long EVERY_NANOS = TimeUnit.HOURS.toNanos(1);
  private static final int MAX_BYTES = 64 << 20;

  private final Path file;

  /** Where it was before; null when nowhere else. */
  private final Path formerFile;

  private final Anomalies anomalies;
  private final TimeSource time;
  private final Consumer<String> notice;
  private long savedAt;
  private boolean loaded;
  private boolean failed;

  /**
   * @param folder made when it is first needed
   * @param notice takes a message for the user
   */
  public AnomalyMemory(Path folder, Anomalies anomalies, TimeSource time, Consumer<String> notice) {
    this(folder, null, anomalies, time, notice);
  }

  /**
   * The same.
   *
   * @param formerFolder what is there is gone on with where the folder has nothing yet; may be null
   */
  public AnomalyMemory(
      Path folder,
      Path formerFolder,
      Anomalies anomalies,
      TimeSource time,
      Consumer<String> notice) {
    this.file = folder.resolve(NAME);
    this.formerFile = formerFolder == null ? null : formerFolder.resolve(NAME);
    this.anomalies = anomalies;
    this.time = time;
    this.notice = notice;
  }

  @Override
  public synchronized void callEnded(CallRecord record) {
    if (!loaded) {
      loaded = true;
      savedAt = time.nanoTime();
      load();
    } else if (time.nanoTime() - savedAt >= EVERY_NANOS) {
      save();
    }
  }

  @Override
  public synchronized void flush() {
    if (loaded) {
      save();
    }
  }

  private void load() {
    try {
      if (Files.exists(file)) {
        anomalies.remember(BoundedFile.read(file, MAX_BYTES));
      } else if (formerFile != null && Files.exists(formerFile)) {
        anomalies.remember(BoundedFile.read(formerFile, MAX_BYTES));
      }
    } catch (IOException | RuntimeException e) {
      tell("cannot be read, it is learnt anew", e);
    }
  }

  private void save() {
    savedAt = time.nanoTime();
    Path temporary = null;
    try {
      byte[] memory = anomalies.memory();
      if (memory == null) {
        return;
      }
      PrivateFiles.createFolders(file.toAbsolutePath().getParent());
      // Only its owner may read it.
      temporary = Files.createTempFile(file.toAbsolutePath().getParent(), NAME, ".tmp");
      Files.write(temporary, memory);
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException | RuntimeException e) {
      tell("cannot be kept for the next start", e);
      delete(temporary);
    }
  }

  private static void delete(Path temporary) {
    try {
      if (temporary != null) {
        Files.deleteIfExists(temporary);
      }
    } catch (IOException | RuntimeException left) {
      // It was told that the folder is not as it should be.
    }
  }

  private void tell(String what, Exception why) {
    if (!failed) {
      failed = true;
      notice.accept("anomalies: what is usual " + what + " (" + file + ": " + why + ")");
    }
  }
}
