package io.flyball.engine.content;

/**
 * Credentials behind the words Bearer (RFC 6750) and Basic (RFC 7617), and in a header also behind
 * Negotiate (RFC 4559) and Digest (RFC 7616).
 */
final class Authorization implements Recogniser {
  private static final String HEADER = "authorization";

  /** What programs call it in their files, without a scheme. */
  private static final String SETTING = "auth";

  private static final int BLANKS = 4;
  private static final int SHORTEST = 8;
  private static final int SHORTEST_BASIC = 6;

  /** Of what Digest stands before, how much is looked at. */
  private static final int PARAMETERS = 2_048;

  /** Of what Basic stands before, how much is read. */
  private static final int NAME_AND_PASSWORD = 256;

  private final RedactionRule rule;

  Authorization(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (end - start == SETTING.length()) {
      return setting(text, start, end, found);
    }
    if (!Characters.isWordStart(text, start)) {
      return start;
    }
    int from = end;
    while (from - end <= BLANKS && isGap(text, from)) {
      from += Characters.at(text, from) == '%' ? 3 : 1;
    }
    if (from == end) {
      return start;
    }
    int to = from;
    while (to < text.length() && isToken(text.charAt(to))) {
      to++;
    }
    char scheme = text.charAt(start);
    if (scheme == 'D' || scheme == 'd' || scheme == 'N' || scheme == 'n') {
      return onlyInHeader(text, start, from, to, found);
    }
    boolean basic = end - start == 5;
    boolean secret = basic ? isNameAndPassword(text, from, to) : isSecret(text, from, to);
    if (secret || (to - from >= SHORTEST_BASIC && isHeader(text, start))) {
      found.add(start, to, rule);
    }
    return to;
  }

  /** {@code "auth": "…"} of Docker and {@code _auth=…} of npm: what Basic stands before. */
  private int setting(CharSequence text, int start, int end, Found found) {
    int at = end;
    for (int i = 0; i <= BLANKS && isOfSetting(Characters.at(text, at)); i++) {
      at++;
    }
    int to = at;
    while (to - at < NAME_AND_PASSWORD && isToken(Characters.at(text, to))) {
      to++;
    }
    if (at == end || (to - at) % 4 != 0 || !isNameAndPassword(text, at, to)) {
      return start;
    }
    Base64Text decoded = new Base64Text(text, at, to);
    for (int next = decoded.next(); next >= 0; next = decoded.next()) {
      if (next >= 127) {
        return start;
      }
    }
    found.add(at, to, rule);
    return to;
  }

  private static boolean isOfSetting(char c) {
    return Characters.isBlank(c) || c == '"' || c == '\'' || c == ':' || c == '=';
  }

  /** Both are words of other things. */
  private int onlyInHeader(CharSequence text, int start, int from, int to, Found found) {
    if (!isHeader(text, start)) {
      return to;
    }
    char scheme = text.charAt(start);
    int end = scheme == 'D' || scheme == 'd' ? parametersEnd(text, from) : to;
    if (end - from >= SHORTEST) {
      found.add(start, end, rule);
    }
    return end;
  }

  /** Behind {@code name=value, name="value"}. */
  private static int parametersEnd(CharSequence text, int from) {
    int end = from;
    int at = from;
    int most = Math.min(text.length(), from + PARAMETERS);
    while (at < most) {
      while (at < most && (Characters.isBlank(text.charAt(at)) || text.charAt(at) == ',')) {
        at++;
      }
      int name = at;
      while (at < most && (Characters.isWord(text.charAt(at)) || text.charAt(at) == '-')) {
        at++;
      }
      if (at == name || Characters.at(text, at) != '=') {
        return end;
      }
      at++;
      if (Characters.at(text, at) == '"') {
        at++;
        while (at < most && text.charAt(at) != '"' && text.charAt(at) >= ' ') {
          at++;
        }
        at = Math.min(most, at + 1);
      } else {
        while (at < most && isToken(text.charAt(at))) {
          at++;
        }
      }
      end = at;
    }
    return end;
  }

  /** Whether what stands before is the name of the header. */
  private static boolean isHeader(CharSequence text, int start) {
    int from = start;
    while (start - from < 4 && from > 0 && !Characters.isLetter(text.charAt(from - 1))) {
      from--;
    }
    return from >= HEADER.length()
        && text.subSequence(from - HEADER.length(), from).toString().equalsIgnoreCase(HEADER);
  }

  private static boolean isGap(CharSequence text, int at) {
    char c = Characters.at(text, at);
    return Characters.isBlank(c)
        || (c == '%' && Characters.at(text, at + 1) == '2' && Characters.at(text, at + 2) == '0');
  }

  private static boolean isToken(char c) {
    return Characters.isBase64(c) || c == '.' || c == '~' || c == '=';
  }

  /** No word of a sentence: one digit, or large letters among small ones. */
  private static boolean isSecret(CharSequence text, int from, int to) {
    if (to - from < SHORTEST) {
      return false;
    }
    boolean small = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if ((c >= '0' && c <= '9') || (small && c >= 'A' && c <= 'Z')) {
        return true;
      }
      small |= c >= 'a' && c <= 'z';
    }
    return false;
  }

  private static boolean isNameAndPassword(CharSequence text, int from, int to) {
    if (to - from < SHORTEST_BASIC) {
      return false;
    }
    Base64Text decoded = new Base64Text(text, from, Math.min(to, from + NAME_AND_PASSWORD));
    boolean colon = false;
    for (int next = decoded.next(); next >= 0; next = decoded.next()) {
      if (next < ' ' || next == 127) {
        return false;
      }
      colon |= next == ':';
    }
    return colon;
  }
}
