package io.flyball.twin;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/**
 * A request as the provider read it.
 *
 * @param headers {@code name: value} as they came
 * @param body without its framing
 */
record SeenRequest(String line, List<String> headers, byte[] body) {

  /** The first header of that name, or null. */
  String header(String name) {
    for (String header : headers) {
      int colon = header.indexOf(':', 1);
      if (colon > 0 && header.substring(0, colon).equalsIgnoreCase(name)) {
        return header.substring(colon + 1).trim();
      }
    }
    return null;
  }

  boolean accepts(String encoding) {
    String accepted = header("accept-encoding");
    return accepted != null && accepted.toLowerCase(Locale.ROOT).contains(encoding);
  }

  boolean asksForUsage() {
    return text().contains("\"include_usage\":true");
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }

  @Override
  public String toString() {
    return line + ' ' + headers + ' ' + text();
  }
}
