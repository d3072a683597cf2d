package io.flyball.instrumentation.apachehttpclient4;

import java.io.IOException;
import java.io.InputStream;
import org.apache.http.HttpEntity;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.conn.EofSensorInputStream;

/**
 * A response's bytes as the client gives them. At their end the connection goes back to where it
 * came from; closed before, it is given up. That may come from any thread: a read that waits fails
 * then.
 */
final class ReceivedStream extends InputStream {
  private final CloseableHttpResponse response;
  private final HttpEntity entity;
  private final AttemptRequest attempt;
  private final boolean closingDrains;
  private InputStream in;
  private volatile boolean ended;
  private boolean reading;
  private boolean closed;

  /**
   * @param closingDrains whether the response's own {@code close()} reads on to its end, as that of
   *     the deprecated clients does
   */
  ReceivedStream(
      CloseableHttpResponse response,
      HttpEntity entity,
      AttemptRequest attempt,
      boolean closingDrains) {
    this.response = response;
    this.entity = entity;
    this.attempt = attempt;
    this.closingDrains = closingDrains;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    if (ended) {
      return -1;
    }
    begin();
    try {
      if (in == null) {
        in = entity.getContent();
      }
      int count = in == null ? -1 : in.read(target, offset, length);
      if (count < 0) {
        ended = true;
        // A stream that decompresses has not let go of its connection yet.
        release();
      }
      return count;
    } finally {
      end();
    }
  }

  private void release() {
    if (in != null) {
      try {
        in.close();
      } catch (IOException | RuntimeException brokenAfterItsEnd) {
        attempt.abort();
      }
    }
  }

  /** A stream that decompresses says 1 for anything. */
  @Override
  public int available() throws IOException {
    InputStream opened = in;
    return !ended && opened instanceof EofSensorInputStream ? opened.available() : 0;
  }

  private synchronized void begin() throws IOException {
    if (closed) {
      throw new IOException("Attempted read on closed stream.");
    }
    reading = true;
  }

  private void end() {
    boolean closeNow;
    synchronized (this) {
      reading = false;
      closeNow = closed;
    }
    if (closeNow) {
      closeResponse();
    }
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
    }
    if (beingRead) {
      attempt.abort();
    } else {
      closeResponse();
    }
  }

  private void closeResponse() {
    if (ended) {
      return;
    }
    if (closingDrains) {
      attempt.abort();
      return;
    }
    try {
      response.close();
    } catch (IOException | RuntimeException gone) {
      attempt.abort();
    }
  }
}
