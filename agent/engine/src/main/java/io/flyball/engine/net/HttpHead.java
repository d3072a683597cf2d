package io.flyball.engine.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;

/** The head of an answer of HTTP/1, read within bounds. */
final class HttpHead {
  /** Of all heads of one answer together, interim ones too. */
  private static final int MOST_BYTES = 64 * 1024;

  private static final int SWITCHING = 101;
  private static final int FINAL = 200;

  private final int status;
  private final List<String> lines;

  private HttpHead(int status, List<String> lines) {
    this.status = status;
    this.lines = lines;
  }

  /**
   * The first that is not interim.
   *
   * @throws SocketException when nothing comes any more
   * @throws IOException when that is no HTTP, or too long
   */
  static HttpHead read(InputStream in) throws IOException {
    int[] left = {MOST_BYTES};
    while (true) {
      int status = status(line(in, left));
      List<String> lines = new ArrayList<>();
      for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
        lines.add(line);
      }
      if (status >= FINAL || status == SWITCHING) {
        return new HttpHead(status, lines);
      }
    }
  }

  private static int status(String line) throws IOException {
    // HTTP/1.1 200 OK
    if (line.matches("HTTP/1\\.\\d \\d{3}( .*)?")) {
      return Integer.parseInt(line.substring(9, 12));
    }
    throw new IOException("Invalid Http response");
  }

  /** Without its end. */
  static String line(InputStream in, int[] left) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int read = in.read();
      if (read < 0) {
        throw new SocketException("Unexpected end of file");
      }
      if (left[0]-- <= 0) {
        throw new IOException("Invalid Http response");
      }
      if (read == '\n') {
        int end = line.length();
        boolean ended = end > 0 && line.charAt(end - 1) == '\r';
        return ended ? line.substring(0, end - 1) : line.toString();
      }
      line.append((char) read);
    }
  }

  int status() {
    return status;
  }

  /** The first of that name, or null. */
  String header(String name) {
    List<String> values = headers(name);
    return values.isEmpty() ? null : values.get(0);
  }

  List<String> headers(String name) {
    List<String> values = new ArrayList<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon == name.length() && line.regionMatches(true, 0, name, 0, colon)) {
        values.add(line.substring(colon + 1).trim());
      }
    }
    return values;
  }
}
