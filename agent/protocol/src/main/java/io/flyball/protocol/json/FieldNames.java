package io.flyball.protocol.json;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/** A table by names, which are looked up as bytes: nothing is allocated. Immutable. */
final class FieldNames<V> {
  /** Letters that servers in Go take for an s and a k. */
  private static final char LONG_S = '\u017f';

  private static final char KELVIN = '\u212a';

  private final boolean fold;

  /** At the place of their hash or behind it; null where none is. */
  private final byte[][] names;

  private final Object[] values;

  /**
   * @param fold whether names are the same in letters of any case; of those that are here in
   *     several the values must be as good as each other
   */
  FieldNames(Map<String, V> byName, boolean fold) {
    this.fold = fold;
    this.names = new byte[Integer.highestOneBit(byName.size() * 2 + 1) * 2][];
    this.values = new Object[names.length];
    byName.forEach(this::put);
  }

  private void put(String name, V value) {
    byte[] written = (fold ? folded(name) : name).getBytes(StandardCharsets.UTF_8);
    int at = hash(written, 0, written.length);
    while (names[at] != null) {
      at = (at + 1) & (names.length - 1);
    }
    names[at] = written;
    values[at] = value;
  }

  static String folded(String name) {
    return name.replace(LONG_S, 's').replace(KELVIN, 'k').toLowerCase(Locale.ROOT);
  }

  static boolean isAscii(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      if (bytes[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Null for none. */
  @SuppressWarnings("unchecked")
  V at(byte[] bytes, int start, int end) {
    int at = hash(bytes, start, end);
    while (names[at] != null) {
      if (isSame(names[at], bytes, start, end)) {
        return (V) values[at];
      }
      at = (at + 1) & (names.length - 1);
    }
    return null;
  }

  private int hash(byte[] bytes, int start, int end) {
    int length = end - start;
    int hash =
        length == 0
            ? 0
            : (letter(bytes[start]) * 31 + letter(bytes[end - 1])) * 31
                + letter(bytes[start + length / 2]);
    return (hash * 31 + length) & (names.length - 1);
  }

  private boolean isSame(byte[] name, byte[] bytes, int start, int end) {
    if (name.length != end - start) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (name[i] != letter(bytes[start + i])) {
        return false;
      }
    }
    return true;
  }

  private int letter(byte b) {
    return fold && b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b;
  }
}
