package io.flyball.protocol;

import java.util.Locale;

/** One host may be written in several ways: in any case, and with the dot of the root behind it. */
public final class HostNames {
  private HostNames() {}

  /**
   * The name as it is usually written, which names are compared in; the same string where it is
   * written so already.
   *
   * @param host may be null
   */
  public static String plain(String host) {
    if (host == null) {
      return null;
    }
    boolean rooted = host.length() > 1 && host.charAt(host.length() - 1) == '.';
    String name = rooted ? host.substring(0, host.length() - 1) : host;
    return name.toLowerCase(Locale.ROOT);
  }
}
