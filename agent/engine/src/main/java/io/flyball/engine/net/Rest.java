package io.flyball.engine.net;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.TimeUnit;

/** The body of an answer, read within bounds: it is not worth more than the connection. */
final class Rest {
  private static final int MOST_BYTES = 64 * 1024;
  private static final long NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final InputStream in;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int[] left = {MOST_BYTES};
  private final long until = System.nanoTime() + NANOS;

  Rest(InputStream in) {
    this.in = in;
  }

  /**
   * @param length as {@link HttpHead#bodyLength} has it
   * @return whether that is all of it
   */
  boolean read(long length) throws IOException {
    if (length == HttpHead.OPEN) {
      return !take(left[0]) && left[0] > 0 && isInTime();
    }
    if (length >= 0) {
      return take(length);
    }
    while (true) {
      String size = line();
      int extension = size.indexOf(';');
      String digits = (extension < 0 ? size : size.substring(0, extension)).trim();
      if (!digits.matches("[0-9A-Fa-f]{1,8}")) {
        return false;
      }
      long chunk = Long.parseLong(digits, 16);
      if (chunk == 0) {
        String trailer = line();
        while (!trailer.isEmpty()) {
          trailer = line();
        }
        return true;
      }
      if (!take(chunk) || !line().isEmpty()) {
        return false;
      }
    }
  }

  private String line() throws IOException {
    return HttpHead.line(
        new InputStream() {
          @Override
          public int read() throws IOException {
            if (!isInTime()) {
              throw new IOException("too slow");
            }
            return in.read();
          }
        },
        left);
  }

  /** Whether so much came. */
  private boolean take(long length) throws IOException {
    if (length > left[0]) {
      return false;
    }
    byte[] buffer = new byte[4_096];
    long rest = length;
    while (rest > 0 && isInTime()) {
      int read = in.read(buffer, 0, (int) Math.min(buffer.length, rest));
      if (read < 0) {
        return false;
      }
      bytes.write(buffer, 0, read);
      left[0] -= read;
      rest -= read;
    }
    return rest == 0;
  }

  private boolean isInTime() {
    return System.nanoTime() - until < 0;
  }

  byte[] bytes() {
    return bytes.toByteArray();
  }
}
