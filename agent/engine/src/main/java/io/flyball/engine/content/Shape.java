package io.flyball.engine.content;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * How a kind of key looks: a row of classes of characters, each so and so often. Each takes as many
 * characters as it can and gives none back, and only the last that there must be may be without a
 * bound; so matching is linear. How it is written is said in {@code redaction-rules.txt}.
 * Immutable.
 */
final class Shape {
  /** The most that stands in a bound of any but the last. */
  private static final int MOST = 300;

  private static final int ASCII = 128;

  private final List<Item> items = new ArrayList<>();
  private final boolean anyCase;
  private String word;
  private int beforeWord;

  /** Items that are replaced, all without parentheses. */
  private int first;

  private int behindLast;

  /**
   * @throws IllegalArgumentException when the pattern is none, or has nothing to be looked for by
   */
  Shape(String pattern, boolean anyCase) {
    this.anyCase = anyCase;
    behindLast = -1;
    int at = 0;
    while (at < pattern.length()) {
      char c = pattern.charAt(at);
      if (c == '(') {
        first = items.size();
        at++;
      } else if (c == ')') {
        behindLast = items.size();
        at++;
      } else {
        at = readItem(pattern, at);
      }
    }
    behindLast = behindLast < 0 ? items.size() : behindLast;
    boolean mustGoOn = false;
    for (int i = items.size() - 1; i >= 0; i--) {
      if (mustGoOn && items.get(i).most > MOST) {
        throw new IllegalArgumentException("no bound before the end: " + pattern);
      }
      mustGoOn |= items.get(i).least > 0;
    }
    findWord(pattern);
  }

  private int readItem(String pattern, int start) {
    int at = start;
    BitSet allowed = new BitSet(ASCII);
    boolean negated = false;
    if (pattern.charAt(at) == '[') {
      at++;
      negated = pattern.charAt(at) == '^';
      at = negated ? at + 1 : at;
      while (pattern.charAt(at) != ']') {
        char low = pattern.charAt(at);
        if (low == '\\') {
          at = addEscaped(allowed, pattern, at);
        } else if (pattern.charAt(at + 1) == '-' && pattern.charAt(at + 2) != ']') {
          allowed.set(low, pattern.charAt(at + 2) + 1);
          at += 3;
        } else {
          allowed.set(low);
          at++;
        }
      }
      at++;
    } else if (pattern.charAt(at) == '\\') {
      at = addEscaped(allowed, pattern, at);
    } else {
      allowed.set(pattern.charAt(at++));
    }
    if (anyCase) {
      for (int c = 'a'; c <= 'z'; c++) {
        boolean either = allowed.get(c) || allowed.get(c - 32);
        allowed.set(c, either);
        allowed.set(c - 32, either);
      }
    }
    return readCount(pattern, at, allowed, negated);
  }

  private static int addEscaped(BitSet allowed, String pattern, int at) {
    char c = pattern.charAt(at + 1);
    if (c == 's') {
      allowed.set('\t', '\r' + 1);
      allowed.set(' ');
    } else {
      allowed.set(c);
    }
    return at + 2;
  }

  private int readCount(String pattern, int start, BitSet allowed, boolean negated) {
    int least = 1;
    int most = 1;
    int at = start;
    char c = at < pattern.length() ? pattern.charAt(at) : 0;
    if (c == '?' || c == '*' || (c == '+' && pattern.charAt(at - 1) == ']')) {
      least = c == '+' ? 1 : 0;
      most = c == '?' ? 1 : Integer.MAX_VALUE;
      at++;
    } else if (c == '{') {
      int end = pattern.indexOf('}', at);
      String[] bounds = pattern.substring(at + 1, end).split(",", -1);
      least = Integer.parseInt(bounds[0]);
      String upper = bounds[bounds.length - 1];
      most = upper.isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(upper);
      at = end + 1;
    }
    items.add(new Item(allowed, negated, least, most));
    return at;
  }

  /** What stands in every match at the same distance from its beginning. */
  private void findWord(String pattern) {
    int distance = 0;
    int at = 0;
    StringBuilder letters = new StringBuilder();
    while (at < items.size()) {
      Item item = items.get(at);
      if (item.isOne(anyCase)) {
        letters.append((char) item.allowed.nextSetBit(0));
      } else if (letters.length() >= 2 || item.least != item.most) {
        break;
      } else {
        distance += letters.length() + item.least;
        letters.setLength(0);
      }
      at++;
    }
    if (letters.length() < 2) {
      throw new IllegalArgumentException("nothing to look for: " + pattern);
    }
    word = letters.toString().toLowerCase(Locale.ROOT);
    beforeWord = distance;
  }

  /** In small letters: something every match has. */
  String word() {
    return word;
  }

  /**
   * Whether the text has this shape around the word. It begins where a word does, or behind an
   * underscore: names are put before keys so.
   *
   * @param at where the word begins
   * @param out where what is to be replaced begins and ends, and where the match ends
   */
  boolean matches(CharSequence text, int at, int[] out) {
    int start = at - beforeWord;
    out[2] = at + 1;
    if (start < 0
        || (Characters.isWord(text.charAt(start))
            && !Characters.isWordStart(text, start)
            && text.charAt(start - 1) != '_')) {
      return false;
    }
    int i = start;
    Item last = null;
    int taken = 0;
    for (int k = 0; k < items.size(); k++) {
      if (k == first) {
        out[0] = i;
      }
      last = items.get(k);
      taken = 0;
      while (taken < last.most && i < text.length() && last.takes(text.charAt(i))) {
        i++;
        taken++;
      }
      if (taken < last.least) {
        return false;
      }
      if (k + 1 == behindLast) {
        out[1] = i;
      }
    }
    out[2] = i;
    return taken < last.most || last.most == 1 || i >= text.length() || !last.takes(text.charAt(i));
  }

  /** A text of this shape, for tests. */
  String example(Random random) {
    StringBuilder text = new StringBuilder();
    for (Item item : items) {
      int most = item.most == Integer.MAX_VALUE ? item.least + 20 : item.most;
      int count = item.least + random.nextInt(most - item.least + 1);
      for (int i = 0; i < count; i++) {
        text.append(item.any(random));
      }
    }
    return text.toString();
  }

  private static final class Item {
    final BitSet allowed;
    final boolean negated;
    final int least;
    final int most;

    Item(BitSet allowed, boolean negated, int least, int most) {
      this.allowed = allowed;
      this.negated = negated;
      this.least = least;
      this.most = most;
    }

    boolean takes(char c) {
      return allowed.get(c) != negated;
    }

    /** Whether it is one certain character, perhaps large or small. */
    boolean isOne(boolean anyCase) {
      int letters = anyCase && Character.isLetter(allowed.nextSetBit(0)) ? 2 : 1;
      return !negated && least == 1 && most == 1 && allowed.cardinality() == letters;
    }

    char any(Random random) {
      for (; ; ) {
        char c = (char) (' ' + random.nextInt(ASCII - ' ' - 1));
        if (takes(c)) {
          return c;
        }
      }
    }
  }
}
