package io.flyball.instrumentation.httpurlconnection;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;

/**
 * URLs as URIs. The JDK sends much that no URI may hold: bars, blanks, braces, quotation marks, a
 * per cent sign that begins no escape. It is quoted, for our own use: what goes out is the URL.
 */
final class Addresses {
  private static final String UNRESERVED = "-._~!$&'()*+,;=:";
  private static final String PATH = UNRESERVED + "@/";
  private static final String QUERY = PATH + "?";
  private static final String HOST = UNRESERVED + "[]";
  private static final String HEX = "0123456789ABCDEF";

  private Addresses() {}

  /** The address a request to that URL goes to. Never null, whatever is written there. */
  static URI of(URL url) {
    if (!url.getHost().isEmpty()) {
      try {
        return url.toURI();
      } catch (URISyntaxException hasMoreThanAUriMay) {
        // Quoted below.
      }
    }
    try {
      return new URI(quoted(url, HOST));
    } catch (URISyntaxException noAddressInBrackets) {
      return URI.create(quoted(url, UNRESERVED.replace(":", "")));
    }
  }

  private static String quoted(URL url, String ofHost) {
    StringBuilder uri = new StringBuilder(url.getProtocol()).append("://");
    if (url.getUserInfo() != null && !url.getUserInfo().isEmpty()) {
      quote(url.getUserInfo(), UNRESERVED, uri);
      uri.append('@');
    }
    // The JDK connects to this machine when none is named.
    quote(url.getHost().isEmpty() ? "localhost" : url.getHost(), ofHost, uri);
    if (url.getPort() >= 0) {
      uri.append(':').append(url.getPort());
    }
    String path = url.getPath();
    if (!path.isEmpty() && path.charAt(0) != '/') {
      uri.append('/');
    }
    quote(path, PATH, uri);
    if (url.getQuery() != null) {
      uri.append('?');
      quote(url.getQuery(), QUERY, uri);
    }
    return uri.toString();
  }

  private static void quote(String text, String kept, StringBuilder quoted) {
    int at = 0;
    while (at < text.length()) {
      int c = text.codePointAt(at);
      int length = Character.charCount(c);
      boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9';
      if (letter || kept.indexOf(c) >= 0 || (c == '%' && isEscape(text, at))) {
        quoted.appendCodePoint(c);
      } else {
        for (byte b : text.substring(at, at + length).getBytes(StandardCharsets.UTF_8)) {
          quoted.append('%').append(HEX.charAt(b >> 4 & 15)).append(HEX.charAt(b & 15));
        }
      }
      at += length;
    }
  }

  private static boolean isEscape(String text, int at) {
    return at + 2 < text.length()
        && Character.digit(text.charAt(at + 1), 16) >= 0
        && text.charAt(at + 1) < 128
        && Character.digit(text.charAt(at + 2), 16) >= 0
        && text.charAt(at + 2) < 128;
  }
}
