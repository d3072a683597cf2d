package io.flyball.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A {@link Body} as the blocking stream that applications of blocking clients expect. Reads the
 * body only when the application reads; throws the body's own exceptions; an interrupt closes the
 * body.
 */
public final class BodyInputStream extends InputStream {
  private final Body body;

  /** Held while the body is read: it is asked for no more meanwhile. */
  private final ReentrantLock reading = new ReentrantLock();

  private ByteBuffer current = ByteBuffer.allocate(0);
  private volatile boolean closed;

  /** With what the JVM has stopped a read, of whose bytes nobody knows; else null. */
  private Error broken;

  /**
   * What was said to be available since the last read, which gives as much. Nobody else is asked
   * what there is: the JDK's chunked streams take all of that into memory.
   */
  private int told;

  public BodyInputStream(Body body) {
    this.body = body;
  }

  @Override
  public int read() throws IOException {
    return fill() ? current.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (offset < 0 || length < 0 || length > target.length - offset) {
      throw new IndexOutOfBoundsException();
    }
    if (length == 0) {
      return 0;
    }
    if (!fill()) {
      return -1;
    }
    int announced = Math.min(length, told);
    told = 0;
    int count = take(target, offset, length);
    while (count < announced && fillFromWhatIsThere()) {
      count += take(target, offset + count, length - count);
    }
    return count;
  }

  private int take(byte[] target, int offset, int length) {
    int count = Math.min(length, current.remaining());
    current.get(target, offset, count);
    return count;
  }

  /**
   * What can be read without waiting. Many programs read no more than that, or all of it with one
   * read, and take it for the whole.
   */
  @Override
  public int available() throws IOException {
    if (closed) {
      return 0;
    }
    int here = current.remaining();
    if (!reading.tryLock()) {
      return here;
    }
    try {
      told = (int) Math.min((long) here + body.available(), Integer.MAX_VALUE);
      return told;
    } finally {
      reading.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    body.close();
  }

  /** Whether there is a byte to give; false at the end. */
  private boolean fill() throws IOException {
    if (closed) {
      throw new IOException("stream closed");
    }
    if (broken != null) {
      throw new IOException("Flyball: a part of the answer was lost", broken);
    }
    while (!current.hasRemaining()) {
      ByteBuffer next;
      try {
        next = await();
      } catch (Error thrown) {
        broken = thrown;
        throw thrown;
      }
      if (next == null) {
        return false;
      }
      current = next;
    }
    return true;
  }

  /** Whether there is a byte to give without waiting for it; how it ends, the next read tells. */
  private boolean fillFromWhatIsThere() {
    try {
      return body.available() > 0 && fill();
    } catch (IOException | RuntimeException toldByTheNextRead) {
      return false;
    }
  }

  private ByteBuffer await() throws IOException {
    reading.lock();
    try {
      return awaitAlone();
    } finally {
      reading.unlock();
    }
  }

  private ByteBuffer awaitAlone() throws IOException {
    CompletableFuture<ByteBuffer> next = body.read().toCompletableFuture();
    try {
      if (next.isDone()) {
        return next.join();
      }
      return next.get();
    } catch (InterruptedException interrupted) {
      body.close();
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    } catch (ExecutionException failure) {
      throw Completions.<IOException>sneakyThrow(failure.getCause());
    } catch (RuntimeException failure) {
      throw Completions.<IOException>sneakyThrow(Completions.unwrap(failure));
    }
  }
}
