package com.example.traffic;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/** An answer whose body is still to be read. */
public final class Reply implements Closeable {
  private final int status;
  private final InputStream body;
  private final Closeable underlying;

  /**
   * @param body null when there is none
   * @param underlying what the client wants closed
   */
  public Reply(int status, InputStream body, Closeable underlying) {
    this.status = status;
    this.body = body;
    this.underlying = underlying;
  }

  public int status() {
    return status;
  }

  /** The next line without its end, or null at the end of the answer. */
  public String readLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = body.read(); b >= 0; b = body.read()) {
      if (b == '\n') {
        return line.toString("UTF-8");
      }
      line.write(b);
    }
    return line.size() == 0 ? null : line.toString("UTF-8");
  }

  /** Reads to the end and returns the number of bytes. */
  public long drain() throws IOException {
    long count = 0;
    if (body != null) {
      byte[] buffer = new byte[4096];
      for (int n = body.read(buffer); n >= 0; n = body.read(buffer)) {
        count += n;
      }
    }
    return count;
  }

  @Override
  public void close() throws IOException {
    underlying.close();
  }
}
