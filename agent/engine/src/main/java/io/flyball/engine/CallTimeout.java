package io.flyball.engine;

import java.util.Locale;

/** Reads how long the application gives one call. */
final class CallTimeout {
  private static final long MOST_MILLIS = 24L * 60 * 60 * 1000;

  private CallTimeout() {}

  /**
   * Nanoseconds.
   *
   * @param header {@code 500ms}, {@code 30s}, {@code 2m}, bare milliseconds; null or anything else
   *     is no limit
   */
  static long nanos(String header) {
    if (header == null) {
      return Long.MAX_VALUE;
    }
    String text = header.trim().toLowerCase(Locale.ROOT);
    long unit = 1;
    int digits = text.length();
    if (text.endsWith("ms")) {
      digits -= 2;
    } else if (text.endsWith("s")) {
      digits -= 1;
      unit = 1_000;
    } else if (text.endsWith("m")) {
      digits -= 1;
      unit = 60_000;
    }
    try {
      long number = Long.parseLong(text.substring(0, digits).trim());
      return number <= 0 || number > MOST_MILLIS / unit
          ? Long.MAX_VALUE
          : number * unit * 1_000_000;
    } catch (NumberFormatException notADuration) {
      return Long.MAX_VALUE;
    }
  }
}
