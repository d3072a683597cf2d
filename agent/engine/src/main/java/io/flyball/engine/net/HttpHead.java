package io.flyball.engine.net;

import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The head of an answer of HTTP/1, read within bounds. */
final class HttpHead {
  /** Of all heads of one answer together, interim ones too. */
  private static final int MOST_BYTES = 64 * 1024;

  private static final int SWITCHING = 101;
  private static final int FINAL = 200;
  private static final int NO_CONTENT = 204;
  private static final int NOT_MODIFIED = 304;

  static final long CHUNKED = -1;
  static final long OPEN = -2;

  private final int status;
  private final boolean persistent;
  private final List<String> lines;

  private HttpHead(int status, boolean persistent, List<String> lines) {
    this.status = status;
    this.persistent = persistent;
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
      String first = line(in, left);
      int status = status(first);
      List<String> lines = new ArrayList<>();
      for (String line = line(in, left); !line.isEmpty(); line = line(in, left)) {
        lines.add(line);
      }
      if (status >= FINAL || status == SWITCHING) {
        return new HttpHead(status, !first.startsWith("HTTP/1.0"), lines);
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

  /** Whether the connection is meant to take another request. */
  boolean isPersistent() {
    return persistent && status != SWITCHING && !tokens("Connection").contains("close");
  }

  /**
   * How the body ends: a length, {@link #CHUNKED}, or {@link #OPEN} where it ends with the
   * connection, or nobody can tell because more than one thing is said.
   */
  long bodyLength() {
    List<String> codings = tokens("Transfer-Encoding");
    Set<String> lengths = new HashSet<>(tokens("Content-Length"));
    if (!codings.isEmpty()) {
      boolean chunked = codings.indexOf("chunked") == codings.size() - 1 && lengths.isEmpty();
      return chunked ? CHUNKED : OPEN;
    }
    if (lengths.size() == 1) {
      String length = lengths.iterator().next();
      return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : OPEN;
    }
    boolean hasNone = status == NO_CONTENT || status == NOT_MODIFIED;
    return lengths.isEmpty() && hasNone ? 0 : OPEN;
  }

  /** The elements of a list, which may be in several headers, in small letters. */
  private List<String> tokens(String name) {
    List<String> tokens = new ArrayList<>();
    for (String value : headers(name)) {
      for (String token : value.split(",", -1)) {
        tokens.add(token.trim().toLowerCase(Locale.ROOT));
      }
    }
    return tokens;
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
