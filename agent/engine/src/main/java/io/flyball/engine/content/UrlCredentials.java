package io.flyball.engine.content;

/**
 * The name and the password in an address, {@code scheme://name:password@host}; the password may
 * hold signs that should have been escaped. The name may be missing.
 */
final class UrlCredentials implements Recogniser {
  private static final int LONGEST = 512;

  private final RedactionRule rule;

  UrlCredentials(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int colon = -1;
    int at = -1;
    boolean digits = true;
    for (int i = end; i < text.length() && i - end < LONGEST; i++) {
      char c = text.charAt(i);
      if (Characters.isBlank(c) || c < ' ' || "\"'<>`\\".indexOf(c) >= 0) {
        break;
      }
      if (c == '@' && colon >= 0) {
        at = i;
        continue;
      }
      if (c == '/' || c == '?' || c == '#') {
        // Behind a host, or a host and its port; else a sign of the password.
        if (colon < 0 || digits || at >= 0) {
          break;
        }
      } else if (c == ':' && colon < 0) {
        colon = i;
      } else if (colon >= 0 && at < 0) {
        digits &= c >= '0' && c <= '9';
      }
    }
    if (at <= colon + 1) {
      return start;
    }
    found.add(end, at, rule);
    return at;
  }
}
