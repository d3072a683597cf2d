package io.flyball.engine.content;

/**
 * JSON web tokens, signed, encrypted or neither, by what their head is: an object of JSON, however
 * it is laid out (RFC 7515). The word is the first point.
 */
final class WebTokens implements Recogniser {
  private static final int SHORTEST_HEAD = 8;

  /** Blanks before the brace and behind it that are looked past. */
  private static final int BLANKS = 16;

  /** How much of a head is read. */
  private static final int HEAD = 1_024;

  private final RedactionRule rule;

  WebTokens(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    // The second part may be empty: with no encrypted key (RFC 7516), with its content elsewhere.
    int second = Characters.at(text, end) == '.' ? end + 1 : end;
    if (!Characters.isBase64Url(Characters.at(text, second))) {
      return start;
    }
    int from = start;
    // What is before an earlier point was looked at from there.
    while (from > 0 && Characters.isBase64Url(text.charAt(from - 1))) {
      from--;
    }
    for (int head = from; head <= start - SHORTEST_HEAD; head++) {
      boolean mayBegin = head == from || !Characters.isLetterOrDigit(text.charAt(head - 1));
      if (mayBegin && isObject(text, head, start)) {
        return token(text, head, start, found);
      }
    }
    return start;
  }

  private int token(CharSequence text, int head, int point, Found found) {
    int at = point;
    int parts = 1;
    int most = isEncrypted(text, head, point) ? 5 : 3;
    while (parts < most && Characters.at(text, at) == '.') {
      int next = at + 1;
      while (next < text.length() && Characters.isBase64Url(text.charAt(next))) {
        next++;
      }
      // An empty part is one: of a token that is not signed, of one without an encrypted key.
      at = next;
      parts++;
    }
    if (parts == 2 && !isObject(text, point + 1, at)) {
      return point;
    }
    found.add(head, at, rule);
    return at;
  }

  /** An encrypted one has five parts (RFC 7516), and its head says how. */
  private static boolean isEncrypted(CharSequence text, int head, int point) {
    Base64Text decoded = new Base64Text(text, head, Math.min(point, head + HEAD));
    StringBuilder words = new StringBuilder();
    for (int next = decoded.next(); next >= 0; next = decoded.next()) {
      words.append((char) next);
    }
    return words.indexOf("\"enc\"") >= 0;
  }

  private static boolean isObject(CharSequence text, int from, int to) {
    Base64Text decoded = new Base64Text(text, from, to);
    return firstOf(decoded) == '{' && firstOf(decoded) == '"';
  }

  private static int firstOf(Base64Text decoded) {
    int next = decoded.next();
    for (int i = 0; i < BLANKS && (next == ' ' || (next >= '\t' && next <= '\r')); i++) {
      next = decoded.next();
    }
    return next;
  }
}
