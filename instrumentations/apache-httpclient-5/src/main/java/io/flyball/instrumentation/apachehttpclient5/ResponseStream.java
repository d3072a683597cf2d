package io.flyball.instrumentation.apachehttpclient5;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hc.core5.http.HttpEntity;

/**
 * A response's bytes, and a close that may come from any thread and ends the exchange. The client's
 * own close reads to the end of the body first, which may never come; the application's close does
 * so, too ({@link GovernedEntity}), and comes here when it has.
 */
final class ResponseStream extends InputStream {
  private final AttemptRequest request;
  private final HttpEntity entity;
  private final boolean tellsAvailable;
  private volatile InputStream in;
  private boolean reading;
  private boolean ended;
  private boolean closed;

  /**
   * @param entity as the client gave it
   */
  ResponseStream(AttemptRequest request, HttpEntity entity) {
    this.request = request;
    this.entity = entity;
    // What decompresses says 1 when there may be nothing.
    this.tellsAvailable = entity.getClass().getName().endsWith(".ResponseEntityProxy");
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    begin();
    boolean end = false;
    try {
      InputStream open = in;
      if (open == null) {
        // What decompresses may read here, and must not be waited for by who closes.
        open = entity.getContent();
        in = open;
      }
      int count = open.read(target, offset, length);
      end = count < 0;
      return count;
    } finally {
      end(end);
    }
  }

  @Override
  public int available() throws IOException {
    if (!tellsAvailable) {
      return 0;
    }
    InputStream open = in;
    if (open == null) {
      open = entity.getContent();
      in = open;
    }
    return open.available();
  }

  private synchronized void begin() throws IOException {
    if (closed) {
      throw new IOException("closed");
    }
    reading = true;
  }

  private void end(boolean atEnd) {
    boolean closeNow;
    synchronized (this) {
      reading = false;
      ended |= atEnd;
      closeNow = closed;
    }
    if (closeNow) {
      free();
    }
  }

  /** Whether it needs no connection any more. */
  synchronized boolean isOver() {
    return ended || closed;
  }

  @Override
  public void close() {
    boolean beingRead;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      beingRead = reading;
      if (ended) {
        // The client has given the connection back by itself.
        return;
      }
    }
    request.cancel();
    if (!beingRead) {
      free();
    }
  }

  /**
   * After the connection was closed: nobody waits for the rest of the body any more. Not the
   * response, whose entity may be the application's by now, with a body that goes on.
   */
  private void free() {
    try {
      entity.close();
    } catch (IOException | RuntimeException closedBefore) {
      // Which is what it is to be.
    }
  }
}
