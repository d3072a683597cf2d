package io.flyball.instrumentation.apachehttpclient4;

import io.flyball.wire.Body;
import io.flyball.wire.BodyInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.net.SocketException;

/**
 * The body as the application reads it. Closed before its end it reads on to that, as the client's
 * own does, so that the connection can be used again; only a response that is closed gives its
 * connection up.
 */
final class GovernedStream extends FilterInputStream {
  private static final int DRAINED_AT_ONCE = 2048;

  private final Body body;
  private final boolean decompressing;
  private boolean ended;
  private boolean closed;
  private volatile boolean abandoned;

  /**
   * @param decompressing whether the client's own says that there is always something to read
   */
  GovernedStream(Body body, boolean decompressing) {
    super(new BodyInputStream(body));
    this.body = body;
    this.decompressing = decompressing;
  }

  @Override
  public int read() throws IOException {
    check();
    return noted(in.read());
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    check();
    return ended ? -1 : noted(in.read(target, offset, length));
  }

  private void check() throws IOException {
    if (closed) {
      throw new IOException("Attempted read on closed stream.");
    }
    if (abandoned && !ended) {
      throw new SocketException("Socket closed");
    }
  }

  private int noted(int read) {
    if (read < 0) {
      ended = true;
      body.close();
    }
    return read;
  }

  @Override
  public int available() throws IOException {
    if (closed || ended || abandoned) {
      return 0;
    }
    int known = in.available();
    return known == 0 && decompressing ? 1 : known;
  }

  @Override
  public boolean markSupported() {
    return false;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    try {
      byte[] rest = new byte[DRAINED_AT_ONCE];
      while (!ended && !abandoned && in.read(rest) >= 0) {
        // Nobody wants it.
      }
    } catch (IOException | RuntimeException failure) {
      if (!abandoned) {
        throw failure;
      }
    } finally {
      ended = true;
      body.close();
    }
  }

  /** The response is closed; from any thread. */
  void abandon() {
    abandoned = true;
    body.close();
  }
}
