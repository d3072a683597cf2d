package io.flyball.engine.content;

/**
 * The private members of JSON web keys (RFC 7517), which have names of one or two letters that say
 * so only beside the one that says what kind of key it is: the word. Public keys stay.
 */
final class JsonWebKeys implements Recogniser {
  /** How far the object is read before and behind the word. */
  private static final int OBJECT = 8_192;

  private static final int BLANKS = 3;
  private static final int SHORTEST = 16;

  private final RedactionRule rule;

  JsonWebKeys(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (Characters.isWord(Characters.at(text, start - 1))
        || Characters.isWord(Characters.at(text, end))) {
      return start;
    }
    int from = start;
    while (start - from < OBJECT && from > 0 && !isBrace(text.charAt(from - 1))) {
      from--;
    }
    int at = from;
    while (at < text.length() && at - end < OBJECT && (at < end || !isBrace(text.charAt(at)))) {
      at = text.charAt(at) == ':' && isPrivate(text, at) ? value(text, at, found) : at + 1;
    }
    return at;
  }

  private static boolean isBrace(char c) {
    return c == '{' || c == '}';
  }

  /** Whether the name before the colon is one of those. */
  private boolean isPrivate(CharSequence text, int colon) {
    int to = colon;
    while (colon - to < BLANKS && Characters.isBlank(Characters.at(text, to - 1))) {
      to--;
    }
    to = isQuote(Characters.at(text, to - 1)) ? to - 1 : to;
    int from = to;
    while (to - from < 3 && Characters.isWord(Characters.at(text, from - 1))) {
      from--;
    }
    return from < to && rule.rows().contains(text.subSequence(from, to).toString());
  }

  /** Behind it. */
  private int value(CharSequence text, int colon, Found found) {
    int from = colon + 1;
    while (from - colon <= BLANKS && Characters.isBlank(Characters.at(text, from))) {
      from++;
    }
    from = isQuote(Characters.at(text, from)) ? from + 1 : from;
    int to = from;
    boolean word = true;
    while (to < text.length() && isOfValue(text.charAt(to))) {
      char c = text.charAt(to++);
      word &= c >= 'a' && c <= 'z';
    }
    boolean call = Characters.at(text, to) == '(' || Characters.at(text, to) == '.';
    if (to - from >= SHORTEST && !word && !call) {
      found.add(from, to, rule);
    }
    return Math.max(to, colon + 1);
  }

  private static boolean isOfValue(char c) {
    return Characters.isBase64(c) || c == '=';
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }
}
