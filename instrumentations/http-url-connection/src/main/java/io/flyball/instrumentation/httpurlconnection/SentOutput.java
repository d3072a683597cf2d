package io.flyball.instrumentation.httpurlconnection;

import java.io.IOException;
import java.io.OutputStream;

/**
 * What the application writes to in a streaming mode, in which the JDK sends what is written
 * without waiting to be asked for an answer: tells when it would have sent all of it.
 */
final class SentOutput extends OutputStream {
  /** What the JDK's buffer holds: a longer write goes out at once, with all before it. */
  private static final int BUFFERED = 8192;

  private final RecordedOutput recorded;
  private final Complete complete;

  /** Told, perhaps several times, that the request is complete and would be on its way. */
  interface Complete {
    void send() throws IOException;

    /** Whether that was done. */
    boolean isSent();
  }

  SentOutput(RecordedOutput recorded, Complete complete) {
    this.recorded = recorded;
    this.complete = complete;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    if (length > 0 && recorded.isFull() && complete.isSent()) {
      throw new IOException(recorded.isClosed() ? "Stream is closed" : "too many bytes written");
    }
    recorded.write(bytes, offset, length);
    if (length >= BUFFERED && recorded.isFull()) {
      complete.send();
    }
  }

  @Override
  public void flush() throws IOException {
    recorded.flush();
    if (recorded.isFull()) {
      complete.send();
    }
  }

  @Override
  public void close() throws IOException {
    recorded.close();
    complete.send();
  }
}
