package io.flyball.engine.tokens;

import com.knuddels.jtokkit.api.EncodingType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** How the tokens of a family of models are estimated: a row of {@code tokenizers.yaml}. */
final class Tokenizer {
  private static final String TABLE = "tokenizers.yaml";
  private static final int LOOKED_AT = 20_000;
  private static final double OF_A_DIGIT = 0.67;

  private final List<String> contains;
  private final EncodingType encoding;
  private final double factor;
  private final double nonLatin;
  private final double digits;
  private final double most;
  private final double mostNonLatin;

  private Tokenizer(Map<?, ?> row) {
    this.contains = new ArrayList<>();
    for (Object each : (List<?>) row.get("contains")) {
      contains.add(String.valueOf(each));
    }
    String name = String.valueOf(row.get("encoding"));
    this.encoding =
        EncodingType.fromName(name)
            .orElseThrow(() -> new IllegalStateException(TABLE + ": no encoding " + name));
    this.factor = number(row, "factor", 1);
    this.nonLatin = number(row, "non_latin", factor);
    this.digits = number(row, "digits", factor);
    this.most = number(row, "most", Math.max(factor, digits));
    this.mostNonLatin = number(row, "most_non_latin", Math.max(most, nonLatin));
  }

  private static double number(Map<?, ?> row, String key, double otherwise) {
    Object value = row.get(key);
    return value == null ? otherwise : new BigDecimal(value.toString()).doubleValue();
  }

  /** The table that comes with Flyball. */
  static List<Tokenizer> table() {
    try (InputStream in = Tokenizer.class.getResourceAsStream(TABLE)) {
      Map<?, ?> root = (Map<?, ?>) new Load(LoadSettings.builder().build()).loadFromInputStream(in);
      List<Tokenizer> table = new ArrayList<>();
      for (Object row : (List<?>) root.get("tokenizers")) {
        table.add(new Tokenizer((Map<?, ?>) row));
      }
      return table;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean isFor(String model) {
    String name = model == null ? "" : model.toLowerCase(Locale.ROOT);
    for (String text : contains) {
      if (name.contains(text)) {
        return true;
      }
    }
    return false;
  }

  EncodingType encoding() {
    return encoding;
  }

  /**
   * The most that a text may be which is so many tokens in {@link #encoding()}. That has one token
   * for three digits, others one for each.
   */
  double most(double counted, CharSequence text) {
    if (most <= 1) {
      return counted;
    }
    int foreign = 0;
    int numeric = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      foreign += c >= 128 ? 1 : 0;
      numeric += c >= '0' && c <= '9' ? 1 : 0;
    }
    double foreignShare = Math.min(1, 3.0 * foreign / text.length());
    double times = most + (mostNonLatin - most) * foreignShare;
    return Math.max(counted * times, counted + numeric * OF_A_DIGIT);
  }

  /** What a count in {@link #encoding()} of that text is multiplied by. */
  double factorFor(CharSequence text) {
    int length = Math.min(text.length(), LOOKED_AT);
    int foreign = 0;
    int numeric = 0;
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 128) {
        foreign++;
      } else if (c >= '0' && c <= '9') {
        numeric++;
      }
    }
    if (foreign * 3 > length) {
      return nonLatin;
    }
    return numeric * 3 > length ? digits : factor;
  }
}
