package io.flyball.engine.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import com.knuddels.jtokkit.api.EncodingType;
import java.util.List;

/**
 * Counts tokens the way a model would, as well as that can be known from outside.
 *
 * <p>The first count loads an encoding (about half a second and 30 MB of heap, 45 MB for all), so
 * this belongs on the record thread, never on a caller's. In a heap where that could take memory
 * which the application needs, tokens are only guessed from the length, and what they are at most
 * is told by {@link TokenBound}. Safe for use by many threads.
 */
public final class TokenCounter {
  /** Longer texts are counted in three samples, which bounds the time of a hostile prompt. */
  static final int COUNTED_EXACTLY = 200_000;

  private static final int SAMPLE = 40_000;

  private static final char REPLACEMENT = '\ufffd';

  private static final long BYTES_PER_CHARACTER = 3;

  /** With -Xmx256m a JVM tells up to a survivor space less than that. */
  private static final long SMALLEST_HEAP = 240L << 20;

  private static final double ASCII_CHARACTERS_PER_TOKEN = 4;

  /** Short enough that what a text is made of hardly changes within. */
  private static final int PIECE = 20_000;

  private static final int LONGEST_WORD = 200;

  /** No prompt that a model takes is longer; then bytes will do, and nobody waits. */
  private static final int MOST_COUNTED = 8_000_000;

  private final boolean exact;

  private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();
  private final List<Tokenizer> tokenizers = Tokenizer.table();

  /**
   * @param maxHeapBytes how large the heap of this JVM may become
   */
  public TokenCounter(long maxHeapBytes) {
    this.exact = maxHeapBytes >= SMALLEST_HEAP;
  }

  /**
   * How many tokens a text is.
   *
   * @param model the model's name, or null
   * @return tokens, zero or more; special tokens in the text are counted as plain text
   */
  public long count(String model, String text) {
    if (text == null || text.isEmpty()) {
      return 0;
    }
    Tokenizer tokenizer = tokenizerOf(model);
    double tokens = exact ? counted(tokenizer, text) : guessed(text);
    return Math.round(tokens * tokenizer.factorFor(text));
  }

  /**
   * How many tokens a text is at most, as well as that can be known of models whose tokenizer is
   * not published. Takes time in proportion to the text, and nowhere is a part taken for the whole.
   *
   * @param model the model's name, or null
   * @return tokens, zero or more
   */
  public long atMost(String model, String text) {
    Tokenizer tokenizer = tokenizerOf(model);
    double tokens = 0;
    int from = 0;
    while (from < text.length() && from < MOST_COUNTED) {
      int to = endOfPiece(text, from);
      String piece = text.substring(from, to);
      double counted =
          exact
              ? exactly(encodings.getEncoding(tokenizer.encoding()), piece)
              : mostGuessed(tokenizer.encoding(), piece);
      tokens += tokenizer.most(counted, piece);
      from = to;
    }
    return (long) Math.ceil(tokens) + BYTES_PER_CHARACTER * (text.length() - from);
  }

  private static double mostGuessed(EncodingType encoding, CharSequence text) {
    boolean usual = encoding == EncodingType.O200K_BASE || encoding == EncodingType.CL100K_BASE;
    return usual ? TokenBound.get().ofUsual(text) : TokenBound.ofAny(text);
  }

  /** Where a piece ends: not within a word, as long as words are no longer than words are. */
  private static int endOfPiece(String text, int from) {
    int to = from + PIECE;
    if (to >= text.length()) {
      return text.length();
    }
    for (int end = to; end > to - LONGEST_WORD; end--) {
      if (text.charAt(end) == ' ' && text.charAt(end - 1) != ' ') {
        return end;
      }
    }
    return Character.isHighSurrogate(text.charAt(to - 1)) ? to - 1 : to;
  }

  private static double guessed(String text) {
    int ascii = 0;
    for (int i = 0; i < text.length(); i++) {
      ascii += text.charAt(i) < 128 ? 1 : 0;
    }
    return Math.ceil(text.length() - ascii + ascii / ASCII_CHARACTERS_PER_TOKEN);
  }

  private double counted(Tokenizer tokenizer, String text) {
    Encoding encoding = encodings.getEncoding(tokenizer.encoding());
    if (text.length() <= COUNTED_EXACTLY) {
      return exactly(encoding, text);
    }
    int middle = (text.length() - SAMPLE) / 2;
    long sampled =
        (long) exactly(encoding, text.substring(0, SAMPLE))
            + exactly(encoding, text.substring(middle, middle + SAMPLE))
            + exactly(encoding, text.substring(text.length() - SAMPLE));
    return (double) sampled * text.length() / (3.0 * SAMPLE);
  }

  private static int exactly(Encoding encoding, String text) {
    return encoding.countTokensOrdinary(withoutHalves(text));
  }

  /** Half of a pair, as JSON may escape one, is no text; the encoding does not take it. */
  private static String withoutHalves(String text) {
    char[] whole = null;
    for (int i = 0; i < text.length(); i++) {
      if (!Character.isSurrogate(text.charAt(i))) {
        continue;
      }
      if (i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
        i++;
        continue;
      }
      whole = whole == null ? text.toCharArray() : whole;
      whole[i] = REPLACEMENT;
    }
    return whole == null ? text : new String(whole);
  }

  private Tokenizer tokenizerOf(String model) {
    for (Tokenizer tokenizer : tokenizers) {
      if (tokenizer.isFor(model)) {
        return tokenizer;
      }
    }
    throw new IllegalStateException("the last tokenizer holds for every model");
  }
}
