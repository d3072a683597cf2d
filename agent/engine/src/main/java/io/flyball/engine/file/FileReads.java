package io.flyball.engine.file;

import io.flyball.engine.time.DetachedThread;
import java.nio.file.Path;
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
    FutureTask<byte[]> reading = new FutureTask<>(() -> reader.read(file, maxBytes));
    DetachedThread.create("flyball-read", reading).start();
    try {
      return reading.get(Math.max(1, endNanos - System.nanoTime()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      reading.cancel(true);
      throw new UnreadableFileException(
          "was not read within " + atMostMillis + " ms, its file system does not answer", null);
    } catch (InterruptedException e) {
      reading.cancel(true);
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
}
