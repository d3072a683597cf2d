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
  private static final int SHORTEST_KEY = 12;
  private static final int SHORTEST_PASSWORD = 3;
  private static final int SHORTEST_IN_PROSE = 6;
  private static final Set<String> NO_VALUES =
      new HashSet<>(
          Arrays.asList("null", "none", "true", "false", "undefined", "required", "optional"));

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
    int sign = behindBlanks(text, at);
    char set = Characters.at(text, sign);
    boolean doubled = set == ':' && Characters.at(text, sign + 1) == '=';
    boolean arrow = set == '=' && Characters.at(text, sign + 1) == '>';
    if (set != '=' && set != ':' && set != '>') {
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
        || (quoted ? !named && isStructure(text, from, to) : isCode(Characters.at(text, to)))) {
      return start;
    }
    boolean secret =
        strong ? isKey(text, from, to) : isPassword(text, from, to, quoted || close || set == '>');
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
    return to - from > 9
        || !NO_VALUES.contains(text.subSequence(from, to).toString().toLowerCase(Locale.ROOT));
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

  private static boolean isCode(char behind) {
    return behind == '(' || behind == '[';
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
