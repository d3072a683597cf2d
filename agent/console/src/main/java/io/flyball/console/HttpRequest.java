package io.flyball.console;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The head of an HTTP request. Immutable. */
final class HttpRequest {
  private final String method;
  private final String path;
  private final String query;
  private final Map<String, List<String>> headers;

  private HttpRequest(String method, String path, String query, Map<String, List<String>> headers) {
    this.method = method;
    this.path = path;
    this.query = query;
    this.headers = headers;
  }

  /**
   * Reads a head: its lines, without the empty one that ends it.
   *
   * @return null when it is none
   */
  static HttpRequest parse(byte[] bytes, int length) {
    String[] lines = new String(bytes, 0, length, StandardCharsets.ISO_8859_1).split("\r?\n", -1);
    String[] first = lines[0].split(" ", -1);
    if (first.length != 3 || first[0].isEmpty() || !first[2].startsWith("HTTP/1.")) {
      return null;
    }
    Map<String, List<String>> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (lines[i].isEmpty()) {
        continue;
      }
      // A name with a blank before or in it could be read otherwise by somebody in between.
      if (colon <= 0 || lines[i].substring(0, colon).matches(".*[\\s\\x00].*")) {
        return null;
      }
      headers
          .computeIfAbsent(
              lines[i].substring(0, colon).toLowerCase(Locale.ROOT), name -> new ArrayList<>(1))
          .add(lines[i].substring(colon + 1).trim());
    }
    try {
      URI target = new URI(first[1]);
      String path = target.getPath();
      // Two slashes in front would be taken for a host.
      return path == null || path.isEmpty() || first[1].startsWith("//")
          ? null
          : new HttpRequest(first[0], path, target.getRawQuery(), headers);
    } catch (URISyntaxException e) {
      return null;
    }
  }

  String method() {
    return method;
  }

  /** Decoded. */
  String path() {
    return path;
  }

  /** As it was written; null when there is none. */
  String query() {
    return query;
  }

  /** The header's first value, or null. */
  String header(String lowerCaseName) {
    List<String> values = headers(lowerCaseName);
    return values.isEmpty() ? null : values.get(0);
  }

  /** All values of the header, in order. */
  List<String> headers(String lowerCaseName) {
    return headers.getOrDefault(lowerCaseName, Collections.emptyList());
  }

  /** How long the body is that follows; -1 when that is not said in a way that is read here. */
  long bodyLength() {
    if (!headers("transfer-encoding").isEmpty()) {
      return -1;
    }
    List<String> lengths = headers("content-length");
    if (lengths.isEmpty()) {
      return 0;
    }
    return lengths.size() == 1 && lengths.get(0).matches("\\d{1,9}")
        ? Long.parseLong(lengths.get(0))
        : -1;
  }
}
