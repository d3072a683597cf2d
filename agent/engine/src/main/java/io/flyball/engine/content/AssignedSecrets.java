package io.flyball.engine.content;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a name that says so is set to: {@code "api_key": "…"}, {@code Password=…;}, {@code
 * <secret>…</secret>}. Of rows {@code strong} it has to look like a key; {@code any} takes what
 * people choose for passwords.
 */
final class AssignedSecrets implements Recogniser {
  private static final int BLANKS = 3;
  private static final int AUTHORIZATION = 13;
  private static final int LONGEST = 1_024;
  private static final int PWD = 3;
  private static final int BESIDE = 24;
  private static final String[] BESIDE_NAMES = {"value", "default"};
  private static final int LONGEST_WORD = 9;
  private static final int LONGEST_NAME = 80;
  private static final int ESCAPES = 15;
  private static final int SHORTEST_KEY = 12;
  private static final int SHORTEST_PASSWORD = 3;
  private static final int SHORTEST_IN_PROSE = 6;
  private static final Set<String> NO_VALUES =
      new HashSet<>(
          Arrays.asList(
              // No value, a rule for one, and its type in a schema.
              "null",
              "none",
              "true",
              "false",
              "undefined",
              "required",
              "optional",
              "string",
              "integer",
              "number",
              "boolean",
              "object",
              "array"));

  private final RedactionRule rule;
  private final boolean strong;

  AssignedSecrets(RedactionRule rule) {
    this.rule = rule;
    this.strong = rule.rows().contains("strong");
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    if (isPartOfName(text, start, end)) {
      return start;
    }
    char behind = Characters.at(text, end);
    boolean named = isQuote(behind) || behind == ']';
    int at = named ? end + 1 : end;
    at = isQuote(behind) && Characters.at(text, at) == ']' ? at + 1 : at;
    int sign = behindBlanks(text, at);
    int beside = isSign(Characters.at(text, sign)) ? -1 : besideName(text, at);
    sign = beside < 0 ? sign : beside;
    char set = Characters.at(text, sign);
    // The second of two colons: base64 of a directory (LDIF).
    boolean doubled = set == ':' && "=:".indexOf(Characters.at(text, sign + 1)) >= 0;
    boolean argument = set == '(' && sign == end && isQuote(Characters.at(text, sign + 1));
    boolean arrow = set == '=' && Characters.at(text, sign + 1) == '>';
    if (!isSign(set) && !argument) {
      return start;
    }
    int from = behindBlanks(text, sign + (doubled || arrow ? 2 : 1));
    char quote = Characters.at(text, from);
    boolean quoted = isQuote(quote);
    from = quoted ? from + 1 : from;
    boolean close = set == '=' && from == sign + 1;
    int to = valueEnd(text, from, quoted ? quote : 0);
    if (!quoted && end - start == AUTHORIZATION && Characters.at(text, to) == ' ') {
      // A scheme, and what belongs to it.
      to = valueEnd(text, to + 1, (char) 0);
    }
    if (!isValue(text, from, to)
        || (end - start == PWD && isPath(text, from))
        || (quoted
            ? !named && isStructure(text, from, to)
            : isCode(text, to) || CodeNames.isReference(text, from, to, start, end))) {
      return start;
    }
    boolean secret =
        strong
            ? isKey(text, from, to)
            : argument
                ? isPlainPassword(text, from, to)
                : isPassword(text, from, to, quoted || close || set == '>');
    if (secret) {
      while (to - from >= LONGEST && to < text.length() && isOfToken(text.charAt(to))) {
        to++;
      }
      found.add(from, to, rule);
      return to;
    }
    return start;
  }

  /** A longer name says something else: passwords, token_count, secretary. */
  private boolean isPartOfName(CharSequence text, int start, int end) {
    char behind = Characters.at(text, end);
    boolean closes = Characters.at(text, start - 1) == '/' && Characters.at(text, start - 2) == '<';
    if (Characters.isWord(behind) || behind == '-' || closes) {
      return true;
    }
    boolean shortWord = end - start <= 3;
    return shortWord && strong && start > 0 && Characters.isLetterOrDigit(text.charAt(start - 1));
  }

  private static boolean isSign(char c) {
    return c == '=' || c == ':' || c == '>';
  }

  /**
   * Where the sign is when the value has a name of its own: {@code "name":"x","value":"…"}, {@code
   * key="x" value="…"}, {@code variable "x" { default = "…"}; -1 when it has none.
   */
  private static int besideName(CharSequence text, int from) {
    int at = from;
    while (at - from < BESIDE && isBeside(Characters.at(text, at))) {
      at++;
    }
    if (at == from) {
      return -1;
    }
    for (String name : BESIDE_NAMES) {
      int to = at + name.length();
      if (to < text.length()
          && Characters.at(text, at) == name.charAt(0)
          && text.subSequence(at, to).toString().equals(name)) {
        int sign = behindBlanks(text, isQuote(Characters.at(text, to)) ? to + 1 : to);
        return isSign(Characters.at(text, sign)) ? sign : -1;
      }
    }
    return -1;
  }

  private static boolean isBeside(char c) {
    return Characters.isBlank(c) || isQuote(c) || c == ',' || c == '{';
  }

  /** The folder that a program works in is called so, too. */
  private static boolean isPath(CharSequence text, int from) {
    char first = Characters.at(text, from);
    char next = Characters.at(text, from + 1);
    return first == '/'
        || (first == '~' && next == '/')
        || (next == ':' && "/\\".indexOf(Characters.at(text, from + 2)) >= 0);
  }

  /** Of what a method is given: no name of something, and no text. */
  private static boolean isPlainPassword(CharSequence text, int from, int to) {
    boolean digit = false;
    for (int i = from; i < to; i++) {
      if (Characters.isBlank(text.charAt(i))) {
        return false;
      }
      digit |= Characters.isDigit(text.charAt(i));
    }
    return digit && to - from >= SHORTEST_IN_PROSE;
  }

  private static int behindBlanks(CharSequence text, int from) {
    int at = from;
    while (at - from < BLANKS && at < text.length() && Characters.isBlank(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isQuote(char c) {
    return c == '"' || c == '\'' || c == '`';
  }

  private static int valueEnd(CharSequence text, int from, char quote) {
    int at = from;
    int stringEnd = -1;
    int most = Math.min(text.length(), from + LONGEST);
    while (at < most) {
      char c = text.charAt(at);
      boolean escape = c == '\\' && "nrtu\"'\\".indexOf(Characters.at(text, at + 1)) >= 0;
      if (escape && quote != 0) {
        stringEnd = Characters.at(text, at + 1) == '"' && stringEnd < 0 ? at : stringEnd;
        at = Math.min(most, at + 2);
        continue;
      }
      boolean ends =
          quote == 0
              ? escape || Characters.isBlank(c) || c < ' ' || "\"'`<>;,&)}](".indexOf(c) >= 0
              : c == quote || c == '\n' || c == '\r';
      if (ends) {
        return at;
      }
      stringEnd = c == '"' && stringEnd < 0 ? at : stringEnd;
      at++;
    }
    // A quote that nothing closes: the string of JSON that it is in ends before.
    return stringEnd < 0 ? at : stringEnd;
  }

  /** No reference to where the value is, and nothing that was replaced already. */
  private static boolean isValue(CharSequence text, int from, int to) {
    if (to == from || "[{$<*(".indexOf(text.charAt(from)) >= 0) {
      return false;
    }
    int end = from;
    // Rules for a field: required|min:8.
    while (end < to && end - from <= LONGEST_WORD && text.charAt(end) != '|') {
      end++;
    }
    return end - from > LONGEST_WORD
        || !NO_VALUES.contains(text.subSequence(from, end).toString().toLowerCase(Locale.ROOT));
  }

  /**
   * What stands between strings of JSON: the quote before it is the end of a string that ends with
   * a name and a sign.
   */
  private static boolean isStructure(CharSequence text, int from, int to) {
    if (",}]):;".indexOf(text.charAt(from)) < 0) {
      return false;
    }
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      if (!Characters.isBlank(c) && !Characters.isDigit(c) && "{}[](),:;-.".indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfToken(char c) {
    return Characters.isBase64(c) || c == '=' || c == '%' || c == '.' || c == '~';
  }

  /** Something is called, or looked up in something: {@code os.environ["DB_PASSWORD"]}. */
  private static boolean isCode(CharSequence text, int to) {
    char behind = Characters.at(text, to);
    if (behind == '(' || behind == '[') {
      return true;
    }
    int open = behindEscapes(text, to);
    char quote = Characters.at(text, open);
    if (Characters.at(text, to - 1) != '[' || !isQuote(quote)) {
      return false;
    }
    int close = open + 1;
    while (close - open < LONGEST_NAME && Characters.isWord(Characters.at(text, close))) {
      close++;
    }
    int end = behindEscapes(text, close);
    return close > open + 1
        && Characters.at(text, end) == quote
        && Characters.at(text, end + 1) == ']';
  }

  private static int behindEscapes(CharSequence text, int from) {
    int at = from;
    while (at - from < ESCAPES && Characters.at(text, at) == '\\') {
      at++;
    }
    return at;
  }

  private static boolean isKey(CharSequence text, int from, int to) {
    if (to - from < SHORTEST_KEY) {
      return false;
    }
    boolean digit = false;
    boolean letter = false;
    int blanks = 0;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      digit |= Characters.isDigit(c);
      letter |= Characters.isLetter(c);
      blanks += Characters.isBlank(c) ? 1 : 0;
    }
    // One: between a scheme and what belongs to it.
    return digit && letter && blanks <= 1;
  }

  /**
   * @param clear whether it cannot be the next word of a sentence
   */
  private static boolean isPassword(CharSequence text, int from, int to, boolean clear) {
    if (clear) {
      return to - from >= SHORTEST_PASSWORD;
    }
    boolean sign = false;
    for (int i = from; i < to; i++) {
      char c = text.charAt(i);
      sign |= !Characters.isLetter(c) && c != '.' && c != '_' && c != '-';
    }
    return sign && to - from >= SHORTEST_IN_PROSE;
  }
}
