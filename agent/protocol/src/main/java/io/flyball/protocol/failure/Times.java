package io.flyball.protocol.failure;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The ways providers write a time to wait. All results are seconds; empty when it is none. */
final class Times {
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,30}(?:\\.[0-9]{0,30})?");

  private static final Pattern PART =
      Pattern.compile(
          "([0-9]{1,12}(?:\\.[0-9]{1,12})?) ?"
              + "(ms|milliseconds?|us|\u00b5s|ns|d|days?|h|hours?|m|minutes?|s|seconds?)"
              + "(?![a-z]) ?");

  /** Larger numbers are no time to wait but a time: seconds, and thousandths, since 1970. */
  private static final double EPOCH_SECONDS = 1e9;

  private static final double EPOCH_MILLIS = 1e12;

  private static final Pattern WEEKDAY = Pattern.compile("^[A-Za-z]{3,9},? ");
  private static final Pattern ZONE = Pattern.compile(" (?:GMT|UTC|UT|Z|[+-]00:?00)$");

  private static final DateTimeFormatter TWO_DIGIT_YEAR = format("d-MMM-yy HH:mm:ss");

  /**
   * The three forms of HTTP (RFC 9110, section 5.6.7), without weekday and zone; and a mixed one.
   */
  private static final DateTimeFormatter[] HTTP = {
    format("d MMM uuuu HH:mm:ss"),
    TWO_DIGIT_YEAR,
    format("MMM d HH:mm:ss uuuu"),
    format("d-MMM-uuuu HH:mm:ss")
  };

  private static final long FAR_AHEAD_SECONDS = 50L * 365 * 24 * 60 * 60;

  private Times() {}

  private static DateTimeFormatter format(String pattern) {
    return new DateTimeFormatterBuilder()
        .parseCaseInsensitive()
        .appendPattern(pattern)
        .toFormatter(Locale.ENGLISH);
  }

  /** A plain number, never negative. */
  static OptionalDouble number(String text) {
    String trimmed = text == null ? "" : text.trim();
    return NUMBER.matcher(trimmed).matches()
        ? OptionalDouble.of(Double.parseDouble(trimmed))
        : OptionalDouble.empty();
  }

  /** For example {@code 1m30.5s}, and nothing else. */
  static OptionalDouble duration(String text) {
    return duration(text == null ? "" : text.trim().toLowerCase(Locale.ROOT), true);
  }

  /** The duration a sentence goes on with. */
  static OptionalDouble leadingDuration(String lowerCase) {
    return duration(lowerCase, false);
  }

  private static OptionalDouble duration(String text, boolean whole) {
    Matcher part = PART.matcher(text);
    double seconds = 0;
    int end = 0;
    while (part.lookingAt()) {
      seconds += Double.parseDouble(part.group(1)) * secondsIn(part.group(2));
      end = part.end();
      part.region(end, text.length());
    }
    boolean told = end > 0 && (!whole || end == text.length());
    return told ? OptionalDouble.of(seconds) : OptionalDouble.empty();
  }

  private static double secondsIn(String unit) {
    switch (unit) {
      case "ns":
        return 1e-9;
      case "us":
      case "\u00b5s":
        return 1e-6;
      case "ms":
        return 1e-3;
      default:
        break;
    }
    switch (unit.charAt(0)) {
      case 'd':
        return 86400;
      case 'h':
        return 3600;
      case 's':
        return 1;
      default:
        return unit.startsWith("mil") ? 1e-3 : 60;
    }
  }

  /** The seconds until a date, negative when it is past. */
  static OptionalDouble until(String date, long nowEpochMillis) {
    String trimmed = date == null ? "" : date.trim();
    Instant then = instant(trimmed, nowEpochMillis);
    return then == null
        ? OptionalDouble.empty()
        : OptionalDouble.of(then.getEpochSecond() + then.getNano() / 1e9 - nowEpochMillis / 1e3);
  }

  /** A number, a time since 1970, a duration or a date. */
  static OptionalDouble any(String text, long nowEpochMillis) {
    OptionalDouble number = number(text);
    if (number.isPresent()) {
      double value = number.getAsDouble();
      if (value >= EPOCH_MILLIS) {
        return OptionalDouble.of((value - nowEpochMillis) / 1e3);
      }
      return value < EPOCH_SECONDS ? number : OptionalDouble.of(value - nowEpochMillis / 1e3);
    }
    OptionalDouble duration = duration(text);
    return duration.isPresent() ? duration : until(text, nowEpochMillis);
  }

  private static Instant instant(String text, long nowEpochMillis) {
    if (text.isEmpty() || text.length() > 64) {
      return null;
    }
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException e) {
      return httpDate(text, nowEpochMillis);
    }
  }

  private static Instant httpDate(String text, long nowEpochMillis) {
    String bare = WEEKDAY.matcher(text.replaceAll(" +", " ")).replaceFirst("");
    String local = ZONE.matcher(bare).replaceFirst("");
    for (DateTimeFormatter form : HTTP) {
      Instant then = instant(local, form);
      if (then != null) {
        return form == TWO_DIGIT_YEAR && isFarAhead(then, nowEpochMillis) ? Instant.EPOCH : then;
      }
    }
    return null;
  }

  private static Instant instant(String local, DateTimeFormatter form) {
    try {
      return LocalDateTime.parse(local, form).toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      return null;
    }
  }

  /** Of a year with two digits that seems so far ahead, the one a century before is meant. */
  private static boolean isFarAhead(Instant then, long nowEpochMillis) {
    return then.getEpochSecond() - nowEpochMillis / 1000 > FAR_AHEAD_SECONDS;
  }
}
