package io.flyball.engine.content;

/**
 * The values of a Secret of Kubernetes, in YAML or JSON, which have any names: those of its {@code
 * data} that are base64 of text or long, all of its {@code stringData}. The word is the name of
 * what says that it is one; both may stand before it.
 */
final class KubernetesSecrets implements Recogniser {
  /** How far the object is read before and behind the word. */
  private static final int OBJECT = 8_192;

  private static final int BLANKS = 3;
  private static final int SHORTEST = 4;
  private static final int LONG = 40;
  private static final String SECRET = "Secret";
  private static final String DATA = "data";
  private static final String STRING_DATA = "stringData";

  private final RedactionRule rule;

  KubernetesSecrets(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int name = behindSign(text, end);
    name = isQuote(Characters.at(text, name)) ? name + 1 : name;
    if (name == end || !isWord(text, name, SECRET)) {
      return start;
    }
    int from = start;
    while (start - from < OBJECT && from > 0 && !isDocument(text, from)) {
      from--;
    }
    int to = name;
    while (to - name < OBJECT && to < text.length() && !isDocument(text, to)) {
      to++;
    }
    int at = from;
    while (at < to) {
      boolean strings = isWord(text, at, STRING_DATA);
      if (strings || isWord(text, at, DATA)) {
        int behind = behindSign(text, at + (strings ? STRING_DATA : DATA).length());
        at = Math.max(at + 1, block(text, at, behind, to, strings, found));
      } else {
        at++;
      }
    }
    return Math.max(at, to);
  }

  /** Whether a line of YAML is there that divides documents. */
  private static boolean isDocument(CharSequence text, int at) {
    return text.charAt(at) == '-'
        && Characters.at(text, at - 1) == '\n'
        && Characters.at(text, at + 1) == '-'
        && Characters.at(text, at + 2) == '-';
  }

  /** Behind {@code ":} and the blanks of its line; {@code at} when none is there. */
  private static int behindSign(CharSequence text, int at) {
    int i = isQuote(Characters.at(text, at)) ? at + 1 : at;
    i = behindBlanks(text, i);
    return Characters.at(text, i) == ':' ? behindBlanks(text, i + 1) : at;
  }

  private static int behindBlanks(CharSequence text, int from) {
    int at = from;
    while (at - from < BLANKS && Characters.at(text, at) == ' ') {
      at++;
    }
    return at;
  }

  private static boolean isWord(CharSequence text, int at, String word) {
    if (Characters.isWord(Characters.at(text, at - 1))
        || Characters.isWord(Characters.at(text, at + word.length()))) {
      return false;
    }
    for (int i = 0; i < word.length(); i++) {
      if (Characters.at(text, at + i) != word.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Where what belongs to the name ends. */
  private int block(CharSequence text, int name, int from, int to, boolean strings, Found found) {
    char first = Characters.at(text, from);
    if (first == '{') {
      return object(text, from + 1, to, strings, found);
    }
    return first == '\n' || first == '\r' ? lines(text, name, from, to, strings, found) : from;
  }

  private int object(CharSequence text, int from, int to, boolean strings, Found found) {
    int at = from;
    while (at < to && text.charAt(at) != '}') {
      int value = text.charAt(at) == ':' ? behindBlanks(text, at + 1) : at;
      if (value > at && Characters.at(text, value) == '"') {
        at = value(text, value, to, strings, found);
      } else {
        at++;
      }
    }
    return at;
  }

  /** Those that stand further to the right. */
  private int lines(CharSequence text, int name, int from, int to, boolean strings, Found found) {
    int column = column(text, name);
    int at = from;
    while (at < to) {
      while (at < to && Characters.isBlank(text.charAt(at))) {
        at++;
      }
      if (column(text, at) <= column) {
        return at;
      }
      int value = at;
      int end = at;
      while (end < to && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
        end++;
        boolean sign = text.charAt(end - 1) == ':' && Characters.at(text, end) == ' ';
        value = sign && value == at ? behindBlanks(text, end) : value;
      }
      value(text, value, end, strings, found);
      at = end;
    }
    return at;
  }

  private static int column(CharSequence text, int at) {
    int from = at;
    while (at - from < LONG && (Characters.at(text, from - 1) == ' ')) {
      from--;
    }
    return at - from;
  }

  /** Behind it, with its quotes. */
  private int value(CharSequence text, int from, int to, boolean strings, Found found) {
    char quote = Characters.at(text, from);
    boolean quoted = isQuote(quote);
    int start = quoted ? from + 1 : from;
    int end = start;
    boolean base64 = true;
    while (end < to && (quoted ? text.charAt(end) != quote : text.charAt(end) >= ' ')) {
      char c = text.charAt(end++);
      base64 &= Characters.isBase64(c) || c == '=';
    }
    boolean secret =
        strings
            ? end - start >= SHORTEST && text.charAt(start) != '['
            : base64 && isData(text, start, end);
    if (secret) {
      found.add(start, end, rule);
    }
    return quoted ? end + 1 : end;
  }

  private static boolean isData(CharSequence text, int from, int to) {
    if (to - from < SHORTEST || (to - from) % 4 != 0) {
      return false;
    }
    if (to - from >= LONG) {
      return true;
    }
    Base64Text decoded = new Base64Text(text, from, to);
    for (int next = decoded.next(); next >= 0; next = decoded.next()) {
      if (next >= 127 || (next < ' ' && next != '\n' && next != '\r' && next != '\t')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'';
  }
}
