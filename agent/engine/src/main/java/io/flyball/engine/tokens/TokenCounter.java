package io.flyball.engine.tokens;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingRegistry;
import java.util.List;

/**
 * Counts tokens the way a model would, as well as that can be known from outside.
 *
 * <p>The first count loads an encoding (about half a second and 30 MB of heap), so this belongs on
 * the record thread, never on a caller's. Safe for use by many threads.
 */
public final class TokenCounter {
  /** Longer texts are counted in three samples, which bounds the time of a hostile prompt. */
  static final int COUNTED_EXACTLY = 200_000;

  private static final int SAMPLE = 40_000;

  private final EncodingRegistry encodings = Encodings.newLazyEncodingRegistry();
  private final List<Tokenizer> tokenizers = Tokenizer.table();

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
    Encoding encoding = encodings.getEncoding(tokenizer.encoding());
    double tokens;
    if (text.length() <= COUNTED_EXACTLY) {
      tokens = encoding.countTokensOrdinary(text);
    } else {
      int middle = (text.length() - SAMPLE) / 2;
      long sampled =
          (long) encoding.countTokensOrdinary(text.substring(0, SAMPLE))
              + encoding.countTokensOrdinary(text.substring(middle, middle + SAMPLE))
              + encoding.countTokensOrdinary(text.substring(text.length() - SAMPLE));
      tokens = (double) sampled * text.length() / (3.0 * SAMPLE);
    }
    return Math.round(tokens * tokenizer.factorFor(text));
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
