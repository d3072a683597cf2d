package io.flyball.console;

import java.io.UnsupportedEncodingException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** Who may look: the token in a header, the query or a cookie, and the names a client may use. */
final class Access {
  private static final int TOKEN_BYTES = 24;
  private static final String BEARER = "bearer ";

  /** An address, unlike a name, cannot be pointed at this machine by someone's name server. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]{7,15}|\\[[0-9A-Fa-f:.%]{2,60}]");

  private final String token;

  /**
   * What the cookie holds. Browsers send a cookie to every port of a host: whoever listens there
   * may look as long as this console lives, and never has the token, without which nothing is
   * changed.
   */
  private final String session = randomToken();

  private final String host;
  private final String cookie;

  /**
   * @param host the name the console was told to listen on: it may be used too
   * @param port tells apart the cookies of several consoles on one machine
   */
  Access(String token, String host, int port) {
    this.token = token;
    this.host = host.toLowerCase(Locale.ROOT);
    this.cookie = "flyball_" + port;
  }

  static String randomToken() {
    byte[] bytes = new byte[TOKEN_BYTES];
    new SecureRandom().nextBytes(bytes);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  /** Whether that Host header names this console; protects from DNS rebinding. */
  boolean isOwnHost(String header) {
    if (header == null) {
      return false;
    }
    String name = header.trim().toLowerCase(Locale.ROOT);
    int colon = name.lastIndexOf(':');
    if (colon > name.lastIndexOf(']')) {
      name = name.substring(0, colon);
    }
    return name.equals("localhost") || name.equals(host) || ADDRESS.matcher(name).matches();
  }

  boolean isBearer(String authorization) {
    return authorization != null
        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && isToken(authorization.substring(BEARER.length()).trim());
  }

  boolean isInQuery(String query) {
    if (query == null) {
      return false;
    }
    for (String part : query.split("&", -1)) {
      if (part.startsWith("token=")) {
        String presented = part.substring("token=".length());
        if (isToken(presented) || isToken(unescaped(presented))) {
          return true;
        }
      }
    }
    return false;
  }

  /** Without the escapes of URLs; a + is one, tokens have it. */
  private static String unescaped(String presented) {
    try {
      return URLDecoder.decode(presented.replace("+", "%2B"), "UTF-8");
    } catch (IllegalArgumentException | UnsupportedEncodingException none) {
      return presented;
    }
  }

  boolean isInCookies(List<String> headers) {
    for (String header : headers) {
      for (String part : header.split(";", -1)) {
        String pair = part.trim();
        if (pair.startsWith(cookie + '=') && isSame(session, pair.substring(cookie.length() + 1))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The cookie that spares the browser the token in its address line. */
  String setCookie() {
    return cookie + '=' + session + "; Path=/; HttpOnly; SameSite=Strict";
  }

  private boolean isToken(String presented) {
    return isSame(token, presented);
  }

  /** Takes the same time wherever the difference is. */
  private static boolean isSame(String expected, String presented) {
    return MessageDigest.isEqual(
        presented.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
  }
}
