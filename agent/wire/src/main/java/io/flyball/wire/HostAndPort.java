package io.flyball.wire;

import java.net.URI;

/**
 * Host and port of an address, also of one that {@link URI#getHost} does not know because of an
 * underscore, as names in container networks have. Not by {@link java.net.URL}: where it is the
 * first to be asked, a class of the JDK's client is loaded before it is woven.
 */
public final class HostAndPort {
  private static final int MOST_DIGITS = 9;

  private HostAndPort() {}

  /** As it is written; null when there is none. */
  public static String host(URI uri) {
    if (uri.getHost() != null || uri.getRawAuthority() == null) {
      return uri.getHost();
    }
    String both = both(uri);
    int colon = both.lastIndexOf(':');
    String host = colon < 0 ? both : both.substring(0, colon);
    boolean isNone = host.isEmpty() || (colon >= 0 && !isNumber(both.substring(colon + 1)));
    return isNone ? null : host;
  }

  /** -1 when none is written, or none that is a number. */
  public static int port(URI uri) {
    if (uri.getPort() >= 0 || uri.getHost() != null || uri.getRawAuthority() == null) {
      return uri.getPort();
    }
    String both = both(uri);
    String digits = both.substring(both.lastIndexOf(':') + 1);
    return !digits.equals(both) && isNumber(digits) ? Integer.parseInt(digits) : -1;
  }

  private static boolean isNumber(String digits) {
    return digits.length() <= MOST_DIGITS && digits.matches("[0-9]+");
  }

  private static String both(URI uri) {
    return uri.getRawAuthority().substring(uri.getRawAuthority().lastIndexOf('@') + 1);
  }
}
