package io.flyball.protocol;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One path may be written in many ways that servers take for the same: with percent-escapes, matrix
 * parameters, double slashes, dots, or a slash at its end.
 */
final class PathSpelling {
  private PathSpelling() {}

  /**
   * The path as it is usually written; the same string where it is written so already, and then
   * nothing is allocated.
   *
   * @param length where the path ends in {@code path}, and a query may begin
   */
  static String plain(String path, int length) {
    return isPlain(path, length) ? path : rewritten(path, length);
  }

  private static boolean isPlain(String path, int length) {
    char before = 0;
    for (int i = 0; i < length; i++) {
      char c = path.charAt(i);
      // A segment of dots, or a hidden file, which is rare enough.
      if (c == '%' || c == ';' || (before == '/' && (c == '/' || c == '.'))) {
        return false;
      }
      before = c;
    }
    return before != '/' || length == 1;
  }

  private static String rewritten(String path, int length) {
    StringBuilder bare = new StringBuilder(length);
    boolean parameter = false;
    for (int i = 0; i < length; i++) {
      char c = path.charAt(i);
      parameter = c != '/' && (parameter || c == ';');
      if (!parameter) {
        bare.append(c);
      }
    }
    StringBuilder plain = new StringBuilder(length);
    for (String segment : decoded(bare.toString()).split("/")) {
      if (segment.equals("..")) {
        plain.setLength(Math.max(0, plain.lastIndexOf("/")));
      } else if (!segment.isEmpty() && !segment.equals(".")) {
        plain.append('/').append(segment);
      }
    }
    return plain.toString();
  }

  /** What is no escape stays as it is. */
  private static String decoded(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length);
    for (int i = 0; i < bytes.length; i++) {
      int high = i + 2 < bytes.length ? Character.digit((char) bytes[i + 1], 16) : -1;
      int low = high < 0 ? -1 : Character.digit((char) bytes[i + 2], 16);
      if (bytes[i] == '%' && low >= 0) {
        out.write(high << 4 | low);
        i += 2;
      } else {
        out.write(bytes[i]);
      }
    }
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }
}
