package io.flyball.twin;

import java.nio.charset.StandardCharsets;

/** Bytes as a reader of a report wants them. */
final class Texts {
  private static final int SHOWN = 900;

  private Texts() {}

  /** On one line, what cannot be printed escaped, the middle of what is long left out. */
  static String shown(byte[] bytes) {
    StringBuilder text = new StringBuilder();
    String decoded = new String(bytes, StandardCharsets.UTF_8);
    for (int i = 0; i < decoded.length(); i++) {
      char c = decoded.charAt(i);
      if (c == '\n') {
        text.append("\\n");
      } else if (c == '\r') {
        text.append("\\r");
      } else if (c < ' ' || c == '\uFFFD') {
        text.append(String.format("\\x%02x", (int) c & 0xff));
      } else {
        text.append(c);
      }
    }
    if (text.length() > SHOWN) {
      String left = " ...[" + (text.length() - SHOWN) + " more]... ";
      text.replace(SHOWN / 2, text.length() - SHOWN / 2, left);
    }
    return bytes.length + " bytes: " + text;
  }
}
