package io.flyball.engine.price;

import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.Map;

/**
 * US dollars per million tokens for each kind of token; what is not stated follows from another
 * kind, or is not known. Immutable.
 */
final class Rates {

  /** Kinds of tokens, with the kind whose rate holds when none is stated. */
  enum Kind {
    INPUT("input", null),
    OUTPUT("output", null),
    CACHE_READ("cache_read", INPUT),
    CACHE_WRITE_5M("cache_write_5m", INPUT),
    CACHE_WRITE_1H("cache_write_1h", CACHE_WRITE_5M),
    REASONING("reasoning", OUTPUT),
    INPUT_AUDIO("input_audio", INPUT),
    INPUT_IMAGE("input_image", INPUT),
    // Nobody makes sounds and images at the price of text: where it is not stated it is not known.
    OUTPUT_AUDIO("output_audio", null),
    OUTPUT_IMAGE("output_image", null);

    private final String field;
    private final Kind otherwise;

    Kind(String field, Kind otherwise) {
      this.field = field;
      this.otherwise = otherwise;
    }

    /** The field's name in a price file. */
    String field() {
      return field;
    }
  }

  private final Map<Kind, BigDecimal> stated;

  Rates(Map<Kind, BigDecimal> stated) {
    this.stated = new EnumMap<>(Kind.class);
    this.stated.putAll(stated);
  }

  /** Null when it is not known; zero for output that is not charged. */
  BigDecimal of(Kind kind) {
    for (Kind each = kind; each != null; each = each.otherwise) {
      BigDecimal rate = stated.get(each);
      if (rate != null) {
        return rate;
      }
    }
    return kind == Kind.OUTPUT_AUDIO || kind == Kind.OUTPUT_IMAGE ? null : BigDecimal.ZERO;
  }

  boolean states(Kind kind) {
    return stated.containsKey(kind);
  }

  /** These rates with those of a tier over them. */
  Rates overlaidWith(Map<Kind, BigDecimal> tier) {
    Map<Kind, BigDecimal> merged = new EnumMap<>(Kind.class);
    merged.putAll(stated);
    merged.putAll(tier);
    return new Rates(merged);
  }
}
