package io.flyball.instrumentation.httpurlconnection;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.util.Arrays;

/**
 * The stream an application writes its request body to: kept here until the request is complete.
 * When it grows too long, or becomes one that the JDK would object to, the real connection takes
 * over: it gets what was written so far and then every write as it comes.
 *
 * <p>In chunked mode a flush ends a chunk, so flushes are kept too. Other boundaries between writes
 * leave no trace on the wire.
 */
final class RecordedOutput extends OutputStream {
  private final HttpURLConnection connection;
  private final boolean streaming;
  private final long fixedLength;
  private final int limit;
  private final ByteArrayOutputStream recorded = new ByteArrayOutputStream();

  /** What was recorded when it was last asked for; grows only at its end, so its length tells. */
  private byte[] soFar = new byte[0];

  private int[] flushes = new int[4];
  private int flushCount;
  private boolean closed;
  private OutputStream live;

  /**
   * @param limit bytes that are kept at most
   */
  RecordedOutput(HttpURLConnection connection, RequestSettings settings, int limit) {
    this.connection = connection;
    this.streaming = settings.isStreaming();
    this.fixedLength = settings.fixedLength();
    this.limit = limit;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (live == null && closed) {
      if (streaming) {
        throw new IOException("Stream is closed");
      }
      return;
    }
    long size = (long) recorded.size() + length;
    if (live == null && (size > limit || (fixedLength >= 0 && size > fixedLength))) {
      goLive();
    }
    if (live == null) {
      recorded.write(bytes, offset, length);
    } else {
      live.write(bytes, offset, length);
    }
  }

  @Override
  public void flush() throws IOException {
    if (live != null) {
      live.flush();
    } else if (flushCount == 0 || flushes[flushCount - 1] != recorded.size()) {
      if (flushCount == flushes.length) {
        flushes = Arrays.copyOf(flushes, flushCount * 2);
      }
      flushes[flushCount++] = recorded.size();
    }
  }

  @Override
  public void close() throws IOException {
    if (live == null && !closed && fixedLength >= 0 && recorded.size() < fixedLength) {
      goLive();
    }
    if (live != null) {
      live.close();
    }
    closed = true;
  }

  private void goLive() throws IOException {
    OutputStream real = connection.getOutputStream();
    live = real;
    writeRecorded(real);
  }

  /** Whether the real connection has taken over. */
  boolean isLive() {
    return live != null;
  }

  /** The body so far: do not write to it. */
  byte[] toByteArray() {
    if (soFar.length != recorded.size()) {
      soFar = recorded.toByteArray();
    }
    return soFar;
  }

  /** Whether the application's connection could send that body in the mode it was set to. */
  boolean canSend(byte[] body) {
    return fixedLength < 0 || body.length == fixedLength;
  }

  /** The real connection takes over, with the complete body. */
  void send() throws IOException {
    if (live == null) {
      goLive();
    }
    live.close();
  }

  /** Sends the body over a connection: as it was written when it still is what was written. */
  void sendOver(HttpURLConnection target, byte[] body) throws IOException {
    OutputStream out = target.getOutputStream();
    if (Arrays.equals(body, toByteArray())) {
      writeRecorded(out);
    } else {
      out.write(body);
    }
    out.close();
  }

  private void writeRecorded(OutputStream out) throws IOException {
    byte[] bytes = toByteArray();
    int from = 0;
    for (int i = 0; i < flushCount; i++) {
      out.write(bytes, from, flushes[i] - from);
      out.flush();
      from = flushes[i];
    }
    out.write(bytes, from, bytes.length - from);
  }
}
