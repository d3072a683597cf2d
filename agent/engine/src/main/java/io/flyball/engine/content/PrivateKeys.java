package io.flyball.engine.content;

import java.util.Locale;

/**
 * Private keys between lines that say so (RFC 7468, PGP, OpenSSH): up to the end line, or to the
 * end of the string or the text where that was cut off.
 */
final class PrivateKeys implements Recogniser {
  private static final String DASHES = "-----";
  private static final String END = "-----END ";
  private static final int LABEL = 60;

  private final RedactionRule rule;

  PrivateKeys(RedactionRule rule) {
    this.rule = rule;
  }

  @Override
  public int look(CharSequence text, int start, int end, Found found) {
    int labelEnd = indexOf(text, DASHES, end, end + LABEL);
    int stringEnd = indexOf(text, "\"", end, labelEnd < 0 ? end + LABEL : labelEnd);
    boolean cut = labelEnd < 0 && (stringEnd >= 0 || end + LABEL >= text.length());
    if (cut ? !isPrivateSoFar(text, end) : labelEnd < 0 || !isPrivate(text, end, labelEnd)) {
      return start;
    }
    int behind = keyEnd(text, cut ? end : labelEnd);
    found.add(start, behind, rule);
    return behind;
  }

  /** Behind the end line; else where the string of JSON ends that holds the key, or the text. */
  private static int keyEnd(CharSequence text, int from) {
    for (int i = from; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        int end = i;
        while (text.charAt(end - 1) == '\\') {
          end--;
        }
        return end;
      }
      if (c == '-' && indexOf(text, END, i, i + END.length()) == i) {
        int label = i + END.length();
        int last = indexOf(text, DASHES, label, label + LABEL);
        return last < 0 ? Math.min(text.length(), label) : last + DASHES.length();
      }
    }
    return text.length();
  }

  /** A label that was cut off. */
  private static boolean isPrivateSoFar(CharSequence text, int from) {
    int to = from;
    while (to < text.length() && Character.isUpperCase(text.charAt(to))
        || Characters.at(text, to) == ' ') {
      to++;
    }
    return to == text.length() || Characters.at(text, to) == '"' || Characters.at(text, to) == '\\';
  }

  private static boolean isPrivate(CharSequence text, int from, int to) {
    return text.subSequence(from, to).toString().toUpperCase(Locale.ROOT).contains("PRIVATE KEY");
  }

  private static int indexOf(CharSequence text, String what, int from, int to) {
    int behind = Math.min(to, text.length());
    for (int i = from; i + what.length() <= behind; i++) {
      int same = 0;
      while (same < what.length() && text.charAt(i + same) == what.charAt(same)) {
        same++;
      }
      if (same == what.length()) {
        return i;
      }
    }
    return -1;
  }
}
