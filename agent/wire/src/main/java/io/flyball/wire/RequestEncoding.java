package io.flyball.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How the body of a request is encoded, as it says itself. */
public final class RequestEncoding {
  private static final String HEADER = "Content-Encoding";
  private static final int LONGEST_NAME = 40;

  private RequestEncoding() {}

  /**
   * The codings in the order they were applied, in lower case; empty where the body is sent as it
   * is.
   */
  public static List<String> of(Headers headers) {
    List<String> codings = new ArrayList<>(1);
    for (String value : headers.all(HEADER)) {
      for (String each : value.split(",", -1)) {
        String name = each.trim().toLowerCase(Locale.ROOT);
        if (!name.isEmpty() && !name.equals("identity")) {
          codings.add(name);
        }
      }
    }
    return codings;
  }

  /** Whether the request says that its body is encoded; one look at its headers. */
  public static boolean isNamed(Headers headers) {
    return headers.first(HEADER) != null;
  }

  /** Says, for people, that the body of that request cannot be read, and why. */
  public static String why(WireRequest request) {
    if (request.unreadBecause() != null) {
      return request.unreadBecause();
    }
    String names = String.join(", ", of(request.headers()));
    // What comes from the application is not repeated unless it looks like a coding.
    boolean shown = names.length() <= LONGEST_NAME && names.matches("[a-z0-9, _.-]+");
    return shown
        ? "the request's body is encoded with `"
            + names
            + "`, which Flyball cannot read"
            + (names.equals("gzip") || names.equals("deflate")
                ? " here: it is broken, or too long without that"
                : "")
        : "the request's body is in an encoding that Flyball cannot read";
  }
}
