package io.flyball.engine.wire;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * A {@link Body} as the blocking stream that applications of blocking clients expect. Reads the
 * body only when the application reads; throws the body's own exceptions; an interrupt closes the
 * body.
 */
public final class BodyInputStream extends InputStream {
  private final Body body;
  private ByteBuffer current = ByteBuffer.allocate(0);
  private volatile boolean closed;

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
    int count = Math.min(length, current.remaining());
    current.get(target, offset, count);
    return count;
  }

  @Override
  public int available() throws IOException {
    return closed ? 0 : current.remaining();
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
    while (!current.hasRemaining()) {
      ByteBuffer next = await();
      if (next == null) {
        return false;
      }
      current = next;
    }
    return true;
  }

  private ByteBuffer await() throws IOException {
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
