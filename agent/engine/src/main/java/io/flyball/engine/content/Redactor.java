package io.flyball.engine.content;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes personal data and secrets out of text before it leaves the process: e-mail addresses, phone
 * numbers, card numbers, IBANs, IPv4 addresses, JSON web tokens, private keys, bearer tokens and
 * the keys of common services. Each becomes its kind in brackets.
 *
 * <p>Every pattern starts only at the beginning of a run of its characters and never backtracks, so
 * that the time is linear in the text. Stateless.
 */
public final class Redactor {
  private static final String KEY_BEGIN = "-----BEGIN ";
  private static final String KEY_END = "-----END ";
  private static final int KEY_LABEL = 60;

  private static final List<Rule> RULES = rules();

  private static List<Rule> rules() {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        rule(
            "token",
            after("A-Za-z0-9_-") + "eyJ[A-Za-z0-9_-]{5,}+\\.[A-Za-z0-9_-]++\\.[A-Za-z0-9_-]*+"));
    rules.add(rule("token", after("A-Za-z0-9") + "(?i:bearer)\\s{1,4}+[A-Za-z0-9._~+/=-]{8,}+"));
    rules.add(
        rule(
            "key",
            after("A-Za-z0-9_")
                + "(?:sk-[A-Za-z0-9_-]{16,}+|(?:AKIA|ASIA)[0-9A-Z]{16}+"
                + "|gh[pousr]_[A-Za-z0-9]{20,}+|github_pat_[A-Za-z0-9_]{20,}+"
                + "|xox[abeoprs]-[A-Za-z0-9-]{10,}+|AIza[0-9A-Za-z_-]{35}+"
                + "|glpat-[A-Za-z0-9_-]{20,}+|(?:hf|gsk|rk_live|sk_live|sk_test|rk_test)_[A-Za-z0-9]{20,}+"
                + "|xai-[A-Za-z0-9]{20,}+)"));
    rules.add(
        rule(
            "email",
            after("A-Za-z0-9._%+-")
                + "[A-Za-z0-9._%+-]{1,64}+@(?:[A-Za-z0-9-]{1,63}+\\.){1,8}"
                + "[A-Za-z]{2,24}+"));
    rules.add(
        new Rule(
            "iban",
            after("A-Za-z0-9") + "[A-Z]{2}[0-9]{2}(?: ?[A-Z0-9]){11,30}+",
            match -> Checksums.ibanLength(match)));
    rules.add(
        new Rule(
            "card",
            after("0-9") + "[0-9](?:[ -]?[0-9]){12,18}+(?![0-9])",
            match -> Checksums.passesLuhn(match) ? match.length() : 0));
    rules.add(
        rule(
            "phone",
            after("A-Za-z0-9+")
                + "(?:\\+[1-9](?:[ ().-]{0,2}+[0-9]){7,14}+"
                + "|\\([0-9]{3}\\) ?[0-9]{3}-[0-9]{4}|[0-9]{3}-[0-9]{3}-[0-9]{4})(?![0-9])"));
    rules.add(
        new Rule(
            "ip",
            after("0-9.") + "[0-9]{1,3}+(?:\\.[0-9]{1,3}+){3}+(?![0-9]|\\.[0-9])",
            match -> isIpv4(match) ? match.length() : 0));
    return Collections.unmodifiableList(rules);
  }

  /**
   * Where a candidate may begin: not within a run of its characters, but behind an escape of JSON,
   * whose letter or digits are none of them: requests are redacted as they are on the wire.
   *
   * @param characters as they stand in a character class
   */
  private static String after(String characters) {
    return "(?<!\\\\u[0-9A-Fa-f]{0,3})(?:(?<![\\\\"
        + characters
        + "])|(?<=\\\\)(?![bfnrtu])|(?<=\\\\[bfnrt])|(?<=\\\\u[0-9A-Fa-f]{4}))";
  }

  private static Rule rule(String kind, String pattern) {
    return new Rule(kind, pattern, String::length);
  }

  /** The text with everything found replaced; the same object when nothing was found. */
  public String redact(String text) {
    String result = withoutPrivateKeys(text);
    for (Rule rule : RULES) {
      result = rule.applyTo(result);
    }
    return result;
  }

  /** A private key runs to its end line, or to the end of the text when that was cut off. */
  private static String withoutPrivateKeys(String text) {
    StringBuilder out = null;
    int copied = 0;
    int begin = text.indexOf(KEY_BEGIN);
    while (begin >= 0) {
      int labelEnd = text.indexOf("-----", begin + KEY_BEGIN.length());
      int next = begin + KEY_BEGIN.length();
      if (labelEnd < 0 || isPrivateKey(text, next, labelEnd)) {
        int end = labelEnd < 0 ? -1 : text.indexOf(KEY_END, labelEnd);
        int endLine = end < 0 ? -1 : text.indexOf("-----", end + KEY_END.length());
        out = out == null ? new StringBuilder() : out;
        out.append(text, copied, begin).append("[key]");
        copied = endLine < 0 ? text.length() : endLine + 5;
        next = copied;
      }
      begin = text.indexOf(KEY_BEGIN, next);
    }
    return out == null ? text : out.append(text, copied, text.length()).toString();
  }

  private static boolean isPrivateKey(String text, int labelStart, int labelEnd) {
    return labelEnd - labelStart <= KEY_LABEL
        && text.substring(labelStart, labelEnd).contains("PRIVATE KEY");
  }

  private static boolean isIpv4(String match) {
    for (String part : match.split("\\.", -1)) {
      if (Integer.parseInt(part) > 255) {
        return false;
      }
    }
    return true;
  }

  /** A kind of secret, the pattern of its candidates, and what makes a candidate a find. */
  private static final class Rule {
    private final String replacement;
    private final Pattern pattern;
    private final LengthOf lengthOf;

    Rule(String kind, String pattern, LengthOf lengthOf) {
      this.replacement = '[' + kind + ']';
      this.pattern = Pattern.compile(pattern);
      this.lengthOf = lengthOf;
    }

    String applyTo(String text) {
      Matcher matcher = pattern.matcher(text);
      StringBuilder out = null;
      int copied = 0;
      int from = 0;
      while (from <= text.length() && matcher.find(from)) {
        int length = lengthOf.secretIn(matcher.group());
        if (length == 0) {
          from = matcher.start() + 1;
          continue;
        }
        out = out == null ? new StringBuilder(text.length()) : out;
        out.append(text, copied, matcher.start()).append(replacement);
        copied = matcher.start() + length;
        from = copied;
      }
      return out == null ? text : out.append(text, copied, text.length()).toString();
    }
  }

  /** How many characters of a candidate are the secret; 0: it is none. */
  private interface LengthOf {
    int secretIn(String candidate);
  }
}
