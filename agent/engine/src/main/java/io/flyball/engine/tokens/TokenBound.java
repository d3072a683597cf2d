package io.flyball.engine.tokens;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * How many tokens a text is at most, told from a few kilobytes of what the vocabularies of
 * o200k_base and cl100k_base have in common.
 *
 * <p>A byte-level encoding never makes more tokens of a text than it has bytes of UTF-8, and leaves
 * no two tokens side by side that together are one, within a word as its pattern cuts them out. So
 * of letters that are a token in pairs, not every one can be a token by itself; and of three bytes
 * of a character the first two are no two tokens where they are one together. Where the pattern may
 * cut, everything may stand side by side.
 */
final class TokenBound {
  private static final String TABLE = "token-bounds.txt";
  private static final int LETTERS = 26;
  private static final int SPACE = 2 * LETTERS;
  private static final int NONE = -1;

  /** Longer words have no place in the number that one is kept as. */
  private static final int LONGEST_WORD = 10;

  private static final int BITS_OF_LETTER = 6;

  /** A contraction, which some patterns cut off even in the midst of a word, has two letters. */
  private static final int CONTRACTION = 2;

  private static final long IMPOSSIBLE = Long.MIN_VALUE / 2;

  /** Of each letter, those behind it with which it is a token. */
  private final long[] pairs = new long[2 * LETTERS];

  private final long[] blocks = new long[(Character.MAX_VALUE + 1) / 64 / 64];

  /** One token with the space before them, sorted. */
  private final long[] spaced;

  /** One token behind whatever else, sorted. */
  private final long[] words;

  private TokenBound() throws IOException {
    long[][] found = {new long[8_192], new long[8_192]};
    int[] counts = new int[2];
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(
                TokenBound.class.getResourceAsStream(TABLE), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        String[] parts = line.split(" ");
        for (int i = 1; i < parts.length; i++) {
          switch (parts[0]) {
            case "pairs":
              pair(parts[1], i == 1 ? "" : parts[i]);
              break;
            case "blocks":
              int block = Integer.parseInt(parts[i], 16);
              blocks[block / 64] |= 1L << (block % 64);
              break;
            case "words":
              found[1][counts[1]++] = number(parts[i], 0, parts[i].length());
              found[0][counts[0]++] = number(parts[i], 0, parts[i].length());
              break;
            case "spaced":
              found[0][counts[0]++] = number(parts[i], 0, parts[i].length());
              break;
            default:
          }
        }
      }
    }
    spaced = Arrays.copyOf(found[0], counts[0]);
    words = Arrays.copyOf(found[1], counts[1]);
    Arrays.sort(spaced);
    Arrays.sort(words);
  }

  /** The one there is: only where it is needed it is read. */
  static TokenBound get() {
    return Holder.BOUND;
  }

  private static final class Holder {
    static final TokenBound BOUND = read();

    private static TokenBound read() {
      try {
        return new TokenBound();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void pair(String first, String others) {
    for (int i = 0; i < others.length(); i++) {
      pairs[symbol(first.charAt(0))] |= 1L << symbol(others.charAt(i));
    }
  }

  /** A letter's or the space's place in the table. */
  private static int symbol(char c) {
    if (c >= 'a' && c <= 'z') {
      return c - 'a';
    }
    if (c >= 'A' && c <= 'Z') {
      return LETTERS + c - 'A';
    }
    return c == ' ' ? SPACE : NONE;
  }

  private static boolean isLetter(int symbol) {
    return symbol >= 0 && symbol < SPACE;
  }

  private static long number(CharSequence text, int from, int to) {
    long number = 0;
    for (int i = from; i < to; i++) {
      number = number << BITS_OF_LETTER | symbol(text.charAt(i)) + 1;
    }
    return number;
  }

  /** The most tokens that a text may be in any encoding. */
  static long ofAny(CharSequence text) {
    long bytes = 0;
    for (int i = 0; i < text.length(); i++) {
      bytes += bytes(text, i);
    }
    return bytes;
  }

  private static int bytes(CharSequence text, int i) {
    char c = text.charAt(i);
    if (c < 0x80) {
      return 1;
    }
    boolean half =
        Character.isHighSurrogate(c)
                && i + 1 < text.length()
                && Character.isLowSurrogate(text.charAt(i + 1))
            || Character.isLowSurrogate(c)
                && i > 0
                && Character.isHighSurrogate(text.charAt(i - 1));
    return c < 0x800 || half ? 2 : 3;
  }

  /** The most tokens that a text may be in o200k_base or in cl100k_base. */
  long ofUsual(CharSequence text) {
    long tokens = 0;
    int i = 0;
    while (i < text.length()) {
      if (symbol(text.charAt(i)) == NONE) {
        // The first byte might go with a letter before it, and leave the others by themselves.
        boolean behindLetter = i > 0 && isLetter(symbol(text.charAt(i - 1)));
        boolean paired = !behindLetter && isPaired(text.charAt(i));
        tokens += paired ? 2 : bytes(text, i);
        i++;
        continue;
      }
      int end = i;
      while (end < text.length() && symbol(text.charAt(end)) != NONE) {
        end++;
      }
      tokens += ofLetters(text, i, end);
      i = end;
    }
    return tokens;
  }

  private boolean isPaired(char c) {
    int block = c / 64;
    return (blocks[block / 64] & 1L << (block % 64)) != 0;
  }

  /** Of letters and spaces: the longest row of tokens that may stand side by side. */
  private long ofLetters(CharSequence text, int from, int to) {
    // The most up to here, where the last token is of one letter, and where it is of more.
    long one = IMPOSSIBLE;
    long more = 0;
    long before = IMPOSSIBLE;
    int i = from;
    while (i < to) {
      int known = knownTo(text, i, to);
      if (known > 0) {
        before = IMPOSSIBLE;
        more = Math.max(one, more) + 1;
        one = IMPOSSIBLE;
        i = known;
        continue;
      }
      boolean apart = i == from || mayStandApart(text, i);
      long single = Math.max(more, apart ? one : IMPOSSIBLE) + 1;
      long longer = before + 1;
      before = Math.max(one, more);
      one = single;
      more = longer;
      i++;
    }
    return Math.max(one, more);
  }

  /** Whether the characters at that place and before it may be two tokens. */
  private boolean mayStandApart(CharSequence text, int i) {
    int first = symbol(text.charAt(i - 1));
    int second = symbol(text.charAt(i));
    if (second == SPACE) {
      // The last space before something goes with that.
      return first != SPACE || i + 1 >= text.length() || text.charAt(i + 1) != ' ';
    }
    if (first == SPACE) {
      return false;
    }
    for (int back = 1; back <= CONTRACTION + 1 && back <= i; back++) {
      if (text.charAt(i - back) == '\'') {
        return true;
      }
    }
    return (pairs[first] & 1L << second) == 0;
  }

  /** Where the word ends that begins there, perhaps with a space, and is one token; 0 for none. */
  private int knownTo(CharSequence text, int start, int to) {
    boolean space = text.charAt(start) == ' ';
    int from = space ? start + 1 : start;
    char before = start == 0 ? '.' : text.charAt(start - 1);
    if (!space && (isLetter(symbol(before)) || before == ' ' || before >= 0x80 || before == '\'')) {
      return 0;
    }
    int end = from;
    while (end < to && end - from <= LONGEST_WORD && isLetter(symbol(text.charAt(end)))) {
      end++;
    }
    char behind = end < text.length() ? text.charAt(end) : '.';
    if (end == from
        || end - from > LONGEST_WORD
        || isLetter(symbol(behind))
        || behind >= 0x80
        || behind == '\'') {
      return 0;
    }
    return Arrays.binarySearch(space ? spaced : words, number(text, from, end)) >= 0 ? end : 0;
  }
}
