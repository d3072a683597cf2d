package io.flyball.protocol.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;

/**
 * The scalar a parser stands on: a string, number, boolean or null. A view, valid only during the
 * call it is handed to.
 */
public final class JsonValue {
  /** Longer strings are cut by {@link #text()}: names and messages are short, prompts are not. */
  static final int LONGEST_TEXT = 2048;

  private JsonParser parser;
  private JsonToken token;

  JsonValue() {}

  JsonValue on(JsonParser current, JsonToken scalar) {
    this.parser = current;
    this.token = scalar;
    return this;
  }

  JsonKind kind() {
    switch (token) {
      case VALUE_STRING:
        return JsonKind.STRING;
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT:
        return JsonKind.NUMBER;
      case VALUE_TRUE:
      case VALUE_FALSE:
        return JsonKind.BOOLEAN;
      default:
        return JsonKind.NULL;
    }
  }

  public boolean isTrue() {
    return token == JsonToken.VALUE_TRUE;
  }

  public boolean isFalse() {
    return token == JsonToken.VALUE_FALSE;
  }

  public boolean isString() {
    return token == JsonToken.VALUE_STRING;
  }

  /** The string, cut at 2048 characters; null when the value is not a string. */
  public String text() {
    return text(null);
  }

  /** As {@link #text()}, but gives back {@code known} itself when the string equals it. */
  public String text(String known) {
    if (!isString()) {
      return null;
    }
    try {
      char[] characters = parser.getTextCharacters();
      int offset = parser.getTextOffset();
      int length = Math.min(parser.getTextLength(), LONGEST_TEXT);
      if (known != null && known.length() == length && matches(known, characters, offset)) {
        return known;
      }
      return new String(characters, offset, length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Whether the value is exactly that string. */
  public boolean is(String text) {
    try {
      return isString()
          && parser.getTextLength() == text.length()
          && matches(text, parser.getTextCharacters(), parser.getTextOffset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean matches(String known, char[] characters, int offset) {
    for (int i = 0; i < known.length(); i++) {
      if (known.charAt(i) != characters[offset + i]) {
        return false;
      }
    }
    return true;
  }

  /** The string's length in UTF-16 units; 0 when the value is not a string. */
  public int characters() {
    if (!isString()) {
      return 0;
    }
    try {
      return parser.getTextLength();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Appends the string as long as {@code out} stays within {@code limit} characters. */
  public void appendTo(StringBuilder out, int limit) {
    if (!isString() || out.length() >= limit) {
      return;
    }
    try {
      int length = Math.min(parser.getTextLength(), limit - out.length());
      out.append(parser.getTextCharacters(), parser.getTextOffset(), length);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number, its fraction dropped; null when it is none or does not fit a long. */
  public Long integer() {
    try {
      if (token == JsonToken.VALUE_NUMBER_INT) {
        JsonParser.NumberType type = parser.getNumberType();
        return type == JsonParser.NumberType.BIG_INTEGER ? null : (Long) parser.getLongValue();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Double decimal = decimal();
    boolean fits = decimal != null && Math.abs(decimal) < Long.MAX_VALUE;
    return fits ? (Long) decimal.longValue() : null;
  }

  /**
   * A count: a number, or a string that is one as some gateways write it. Its fraction is dropped;
   * below zero is zero, and what does not fit is {@link Long#MAX_VALUE}. Null when it is none, or
   * no number a double could hold.
   */
  public Long count() {
    try {
      if (token == JsonToken.VALUE_STRING) {
        return Counts.read(
            parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
      }
      if (token == JsonToken.VALUE_NUMBER_INT
          && parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        return parser.getTextCharacters()[parser.getTextOffset()] == '-' ? 0L : Long.MAX_VALUE;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (token == JsonToken.VALUE_NUMBER_INT) {
      return Math.max(0, integer());
    }
    Double decimal = decimal();
    // The cast saturates.
    return decimal == null ? null : (Long) (long) Math.max(0, decimal);
  }

  /**
   * An amount, exactly: a number of zero or more, or a string that is one. Null when it is none, or
   * has more digits than an amount of money can have.
   */
  public BigDecimal amount() {
    if (token != JsonToken.VALUE_STRING
        && token != JsonToken.VALUE_NUMBER_INT
        && token != JsonToken.VALUE_NUMBER_FLOAT) {
      return null;
    }
    try {
      return Counts.amount(
          parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number; null when it is none or not finite as a double. */
  public Double decimal() {
    if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
      return null;
    }
    try {
      double value = parser.getDoubleValue();
      return Double.isInfinite(value) || Double.isNaN(value) ? null : (Double) value;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
