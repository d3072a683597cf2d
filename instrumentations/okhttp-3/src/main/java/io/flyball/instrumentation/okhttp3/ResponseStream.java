package io.flyball.instrumentation.okhttp3;

import java.io.IOException;
import java.io.InputStream;
import okhttp3.Response;

/**
 * A response's bytes, and a close that may come from any thread: OkHttp's bodies are not made for
 * being closed while another thread reads, calls are made for being cancelled.
 */
final class ResponseStream extends InputStream {
  private final Response response;
  private final Runnable abort;
  private final InputStream in;
  private boolean reading;
  private boolean closed;

  /**
   * @param abort makes a read that another thread waits for fail
   */
  ResponseStream(Response response, Runnable abort) {
    this.response = response;
    this.abort = abort;
    this.in = response.body().byteStream();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    begin();
    try {
      return in.read(target, offset, length);
    } finally {
      end();
    }
  }

  private synchronized void begin() throws IOException {
    if (closed) {
      throw new IOException("closed");
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
      response.close();
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
      abort.run();
    } else {
      response.close();
    }
  }
}
