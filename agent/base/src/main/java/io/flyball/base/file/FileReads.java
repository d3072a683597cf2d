package io.flyball.base.file;

import io.flyball.base.DetachedThread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Reads files that have some time together, each on a thread of its own: what a file system that
 * hangs never gives back is a daemon thread, and not the one that asked. For use by one thread.
 */
public final class FileReads {
  /** How long the files of one configuration may take together. */
  public static final long USUAL_MILLIS = 5_000;

  private final long atMostMillis;
  private final long endNanos;
  private final Reader reader;
  private final List<Path> read = new ArrayList<>();

  /** {@link BoundedFile#read}. */
  interface Reader {
    byte[] read(Path file, int maxBytes) throws UnreadableFileException;
  }

  /**
   * @param atMostMillis from now on, for all files together
   */
  public FileReads(long atMostMillis) {
    this(atMostMillis, BoundedFile::read);
  }

  FileReads(long atMostMillis, Reader reader) {
    this.reader = reader;
    this.atMostMillis = atMostMillis;
    this.endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(atMostMillis);
  }

  /**
   * As {@link BoundedFile#read}, and no longer than there is time.
   *
   * @throws UnreadableFileException also when it takes longer, or the calling thread is interrupted
   *     (it stays so)
   */
  public byte[] read(Path file, int maxBytes) throws UnreadableFileException {
    read.add(file);
    try {
      return inTime("flyball-read", () -> reader.read(file, maxBytes));
    } catch (TimeoutException e) {
      throw new UnreadableFileException(
          "was not read within " + atMostMillis + " ms, its file system does not answer", null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnreadableFileException("was not read, the thread was interrupted", null);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnreadableFileException) {
        throw (UnreadableFileException) e.getCause();
      }
      throw new UnreadableFileException(
          "cannot be read (" + e.getCause().getClass().getSimpleName() + ")", e.getCause());
    }
  }

  /** Whether that is one of the files that were read, also by another name; false when unknown. */
  public boolean hasRead(Path file) {
    return isSo(
        () -> {
          for (Path each : read) {
            if (isSame(each, file)) {
              return true;
            }
          }
          return false;
        });
  }

  /** Whether lines for both would go to one file; false when unknown, and for devices. */
  public boolean areOneFile(Path one, Path other) {
    return isSo(() -> (Files.isRegularFile(one) || !Files.exists(one)) && isSame(one, other));
  }

  /** Whether it is a folder; false when unknown. */
  public boolean isFolder(Path path) {
    return isSo(() -> Files.isDirectory(path));
  }

  private static boolean isSame(Path one, Path other) throws IOException {
    return one.toAbsolutePath().normalize().equals(other.toAbsolutePath().normalize())
        || (Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other));
  }

  private boolean isSo(Callable<Boolean> question) {
    try {
      return inTime("flyball-look", question);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    }
  }

  private <T> T inTime(String name, Callable<T> work)
      throws InterruptedException, ExecutionException, TimeoutException {
    FutureTask<T> task = new FutureTask<>(work);
    DetachedThread.create(name, task).start();
    try {
      return task.get(Math.max(1, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException | InterruptedException e) {
      task.cancel(true);
      throw e;
    }
  }
}
