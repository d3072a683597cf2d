package io.flyball.protocol.conversation;

import java.util.Locale;

/** Content inside an address: {@code data:image/png;base64,...}. Immutable. */
final class DataUrl {
  final String mediaType;
  final String base64;

  private DataUrl(String mediaType, String base64) {
    this.mediaType = mediaType;
    this.base64 = base64;
  }

  static boolean is(String url) {
    return url.regionMatches(true, 0, "data:", 0, 5);
  }

  static DataUrl parse(String url) throws UntranslatableException {
    int comma = url.indexOf(',');
    String head = comma < 0 ? "" : url.substring(5, comma).toLowerCase(Locale.ROOT);
    if (!head.endsWith(";base64")) {
      throw new UntranslatableException("data URL that is not base64");
    }
    int parameters = head.indexOf(';');
    return new DataUrl(head.substring(0, parameters), url.substring(comma + 1));
  }

  static String of(String mediaType, String base64) {
    return "data:" + mediaType + ";base64," + base64;
  }
}
