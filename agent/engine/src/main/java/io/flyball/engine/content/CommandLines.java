package io.flyball.engine.content;

/**
 * Names and passwords that commands take as one argument: {@code curl -u name:password}. The word
 * is the command, since the same options are others of other commands; what follows is read to the
 * end of its line.
 */
final class CommandLines implements Recogniser {
  private static final int LINE = 8_192;
  private static final int LONGEST_OPTION = 16;
  private static final int LONGEST_CLUSTER = 6;
  private static final int LONGEST = 512;
  private static final int BETWEEN = 6;

  private final RedactionRule rule;

  CommandLines(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (Characters.isWord(Characters.at(text, start - 1))
        || Characters.isWord(Characters.at(text, end))) {
      return start;
    }
    int at = end;
    int most = Math.min(text.length(), end + LINE);
    char open = 0;
    while (at < most && !isLineEnd(text, at) && !isOtherCommand(text, at)) {
      char c = text.charAt(at);
      if (c == '"' || c == '\'') {
        open = open == 0 ? c : open == c ? 0 : open;
      }
      if (open == 0 && isCommandEnd(text, at)) {
        break;
      }
      boolean option = c == '-' && isBetween(text.charAt(at - 1));
      at = option ? option(text, at, found) : at + (c == '\\' ? 2 : 1);
    }
    return Math.min(at, text.length());
  }

  /** Also written as an escape; a backslash before it goes on with the line. */
  private static boolean isLineEnd(CharSequence text, int at) {
    char c = text.charAt(at);
    return c == '\n' || c == '\r' || (c == '\\' && Characters.at(text, at + 1) == 'n');
  }

  /** One to which the same options mean something else. */
  private boolean isOtherCommand(CharSequence text, int at) {
    if (!Characters.isLetter(text.charAt(at)) || !Characters.isWordStart(text, at)) {
      return false;
    }
    int to = at;
    while (to - at < LONGEST_OPTION && isOfOption(Characters.at(text, to))) {
      to++;
    }
    return rule.rows().contains(text.subSequence(at, to).toString());
  }

  /** What comes behind is another command. */
  private static boolean isCommandEnd(CharSequence text, int at) {
    char c = text.charAt(at);
    return (c == ';' || c == '|' || c == '&') && Characters.isBlank(Characters.at(text, at + 1));
  }

  /** Behind it and what belongs to it. */
  private int option(CharSequence text, int start, Found found) {
    int to = start;
    while (to - start < LONGEST_OPTION && isOfOption(Characters.at(text, to))) {
      to++;
    }
    String option = text.subSequence(start, to).toString();
    int from = to;
    if (isBetween(Characters.at(text, to)) && (rule.rows().contains(option) || isCluster(option))) {
      while (from - to < BETWEEN && isBetween(Characters.at(text, from))) {
        from++;
      }
    } else if (option.startsWith("-u") || option.startsWith("-U")) {
      from = start + 2;
    } else {
      return to;
    }
    int end = from;
    int colon = -1;
    char open = Characters.at(text, from - 1);
    boolean quoted = open == '"' || open == '\'';
    while (end - from < LONGEST && end < text.length() && isOfValue(text.charAt(end), quoted)) {
      colon = colon < 0 && text.charAt(end) == ':' ? end : colon;
      end++;
    }
    if (colon > from && end > colon + 1 && isLiteral(text, colon)) {
      found.add(from, end, rule);
    }
    end = quoted && Characters.at(text, end) == open ? end + 1 : end;
    return Math.max(end, start + 1);
  }

  /** {@code -sSu}: several options of one letter, the last of which is this one. */
  private static boolean isCluster(String option) {
    return option.length() <= LONGEST_CLUSTER
        && option.length() > 1
        && option.charAt(1) != '-'
        && (option.endsWith("u") || option.endsWith("U"));
  }

  /** No variable, and no address. */
  private static boolean isLiteral(CharSequence text, int colon) {
    char first = Characters.at(text, colon + 1);
    return "$<{[*%".indexOf(first) < 0 && !(first == '/' && Characters.at(text, colon + 2) == '/');
  }

  private static boolean isOfOption(char c) {
    return c == '-' || (c < 128 && Characters.isLetter(c));
  }

  private static boolean isBetween(char c) {
    return Characters.isBlank(c) || "\"',=[".indexOf(c) >= 0;
  }

  private static boolean isOfValue(char c, boolean quoted) {
    boolean plain = c >= ' ' && "\"'\\`".indexOf(c) < 0;
    return plain && (quoted || (!Characters.isBlank(c) && ";|&<>(){}".indexOf(c) < 0));
  }
}
