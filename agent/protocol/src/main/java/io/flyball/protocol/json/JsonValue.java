package io.flyball.protocol.json;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/**
 * A scalar of a document: a string, number, boolean or null. A view, valid only during the call it
 * is handed to.
 */
public final class JsonValue {
  /** Longer strings are cut by {@link #text()}: names and messages are short, prompts are not. */
  static final int LONGEST_TEXT = 2048;

  /** Digits that always fit a long. */
  private static final int SHORT_NUMBER = 18;

  /** Characters of a count or an amount that is written as a string. */
  private static final int LONGEST_COUNT = 64;

  private byte[] bytes;
  private int start;
  private int end;

  /** Where a string ends of which no more than the beginning is shown; 0 where all of it is. */
  private int whole;

  private JsonKind kind;
  private boolean truth;
  private boolean known;

  /** Of a string: ASCII without escapes. */
  private boolean plain;

  /** In UTF-16 units; negative while nobody has asked. */
  private int length;

  JsonValue() {}

  /** It is a string; what is written between the quotes. */
  void string(byte[] from, int first, int afterLast, boolean isPlain) {
    bytes = from;
    start = first;
    end = afterLast;
    kind = JsonKind.STRING;
    truth = false;
    plain = isPlain;
    whole = 0;
    length = isPlain ? afterLast - first : -1;
  }

  /** The string goes on in the same bytes, up to there; how long it is is seen when asked for. */
  void goesOnTo(int afterLast) {
    whole = afterLast;
    length = plain ? afterLast - start : -1;
  }

  /** The string goes on, and is that long. */
  void ofLength(int units) {
    length = units;
  }

  /** It is what stands there without quotes, in words of several languages. */
  void word(byte[] from, int first, int afterLast) {
    bytes = from;
    start = first;
    end = afterLast;
    length = 0;
    truth = false;
    known = true;
    byte letter = from[first];
    if ((letter >= '0' && letter <= '9') || letter == '-' || letter == '.' || letter == '+') {
      kind = JsonKind.NUMBER;
    } else if (isWord("null") || isWord("None") || isWord("undefined")) {
      kind = JsonKind.NULL;
    } else if (isWord("true") || isWord("True")) {
      kind = JsonKind.BOOLEAN;
      truth = true;
    } else if (isWord("false") || isWord("False")) {
      kind = JsonKind.BOOLEAN;
    } else {
      kind = JsonKind.NUMBER;
      known = isWord("NaN") || isWord("Infinity");
    }
  }

  /** Whether the word is one that some parser takes for a value. */
  boolean isKnown() {
    return known;
  }

  private boolean isWord(String word) {
    return end - start == word.length() && startsWith(word);
  }

  /** With what has as many bytes as characters. */
  private boolean startsWith(String ascii) {
    for (int i = 0; i < ascii.length(); i++) {
      if (bytes[start + i] != ascii.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  JsonKind kind() {
    return kind;
  }

  public boolean isTrue() {
    return kind == JsonKind.BOOLEAN && truth;
  }

  public boolean isFalse() {
    return kind == JsonKind.BOOLEAN && !truth;
  }

  public boolean isString() {
    return kind == JsonKind.STRING;
  }

  /** The string, cut at 2048 characters; null when the value is not a string. */
  public String text() {
    return isString() ? beginning(LONGEST_TEXT) : null;
  }

  /** As {@link #text()}, but gives back {@code known} itself when the string equals it. */
  public String text(String knownText) {
    if (!isString()) {
      return null;
    }
    if (knownText != null && plain && isWord(knownText)) {
      return knownText;
    }
    String text = text();
    return text.equals(knownText) ? knownText : text;
  }

  private String beginning(int most) {
    if (plain) {
      return new String(bytes, start, Math.min(end - start, most), StandardCharsets.ISO_8859_1);
    }
    return StringText.decoded(bytes, start, end, most);
  }

  /** Whether the value is exactly that string. */
  public boolean is(String text) {
    if (!isString()) {
      return false;
    }
    // No character takes more bytes than an escape.
    return plain
        ? isWord(text)
        : end - start <= text.length() * 6 && beginning(text.length() + 1).equals(text);
  }

  /** Whether the value is a string that begins so. */
  public boolean begins(String ascii) {
    if (!isString() || end - start < ascii.length()) {
      return false;
    }
    return plain ? startsWith(ascii) : beginning(ascii.length()).equals(ascii);
  }

  /** The string's length in UTF-16 units; 0 when the value is not a string. */
  public int characters() {
    if (!isString()) {
      return 0;
    }
    if (length < 0) {
      length = TextLength.of(bytes, start, Math.max(end, whole));
    }
    return length;
  }

  /** Appends the string as long as {@code out} stays within {@code limit} characters. */
  public void appendTo(StringBuilder out, int limit) {
    if (isString() && out.length() < limit) {
      out.append(beginning(limit - out.length()));
    }
  }

  /** Whether it is written as a whole number. */
  private boolean isWhole() {
    int first = start < end && (bytes[start] == '-' || bytes[start] == '+') ? start + 1 : start;
    for (int i = first; i < end; i++) {
      if (bytes[i] < '0' || bytes[i] > '9') {
        return false;
      }
    }
    return first < end;
  }

  private String word() {
    return new String(bytes, start, end - start, StandardCharsets.ISO_8859_1);
  }

  /** Whether it is a number of which no more than the beginning is known. */
  private boolean isCut() {
    return end - start >= JsonTokens.LONGEST_WORD;
  }

  /**
   * The number, its fraction dropped; null when it is none, does not fit a long or is longer than
   * any that is read.
   */
  public Long integer() {
    if (kind != JsonKind.NUMBER || isCut()) {
      return null;
    }
    if (isWhole()) {
      if (bytes[start] >= '0' && end - start <= SHORT_NUMBER) {
        long number = 0;
        for (int i = start; i < end; i++) {
          number = number * 10 + bytes[i] - '0';
        }
        return number;
      }
      try {
        return Long.valueOf(word());
      } catch (NumberFormatException tooLarge) {
        return null;
      }
    }
    Double decimal = decimal();
    boolean fits = decimal != null && Math.abs(decimal) < Long.MAX_VALUE;
    return fits ? (Long) decimal.longValue() : null;
  }

  /**
   * A count: a number, or a string that is one as some gateways write it. Its fraction is dropped;
   * below zero is zero, and what does not fit is {@link Long#MAX_VALUE}. Null when it is none, is
   * longer than any that is read, or no number a double could hold.
   */
  public Long count() {
    if (isString()) {
      char[] text = beginning(LONGEST_COUNT + 1).toCharArray();
      return text.length > LONGEST_COUNT ? null : Counts.read(text, 0, text.length);
    }
    if (kind != JsonKind.NUMBER || isCut()) {
      return null;
    }
    if (isWhole()) {
      Long number = integer();
      long saturated = bytes[start] == '-' ? 0 : Long.MAX_VALUE;
      return number == null ? saturated : Math.max(0, number);
    }
    Double decimal = decimal();
    // The cast saturates.
    return decimal == null ? null : (Long) (long) Math.max(0, decimal);
  }

  /**
   * The same where it bounds what may be asked for: a number that cannot be read is {@link
   * Long#MAX_VALUE}, because some server may read it.
   */
  public Long countAtMost() {
    Long read = count();
    if (read != null) {
      return read;
    }
    if (kind == JsonKind.NUMBER) {
      return bytes[start] == '-' ? 0 : Long.MAX_VALUE;
    }
    return isString() && Counts.mayBeLong(beginning(LONGEST_TEXT)) ? (Long) Long.MAX_VALUE : null;
  }

  /**
   * An amount, exactly: a number of zero or more, or a string that is one. Null when it is none, or
   * has more digits than an amount of money can have.
   */
  public BigDecimal amount() {
    if (!isString() && kind != JsonKind.NUMBER) {
      return null;
    }
    char[] text = (isString() ? beginning(LONGEST_COUNT + 1) : word()).toCharArray();
    return Counts.amount(text, 0, text.length);
  }

  /** The number; null when it is none or not finite as a double. */
  public Double decimal() {
    if (kind != JsonKind.NUMBER || isCut()) {
      return null;
    }
    try {
      double value = Double.parseDouble(word());
      return Double.isInfinite(value) || Double.isNaN(value) ? null : (Double) value;
    } catch (NumberFormatException none) {
      return null;
    }
  }
}
