package io.flyball.protocol.failure;

import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long a provider wants to be left alone: the largest of the times it names that apply. What
 * cannot be read is not there.
 */
public final class RetryAfter {
  static final long NONE = -1;

  private static final double LONGEST_SECONDS = 24 * 60 * 60;
  private static final String[] MILLISECONDS = {"retry-after-ms", "x-ms-retry-after-ms"};

  /** What is left, and when it is more again, of each limit a provider may have. */
  private static final String[][] LIMITS = {
    {"x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"},
    {"x-ratelimit-remaining-tokens", "x-ratelimit-reset-tokens"},
    {"x-ratelimit-remaining", "x-ratelimit-reset"},
    {"anthropic-ratelimit-requests-remaining", "anthropic-ratelimit-requests-reset"},
    {"anthropic-ratelimit-tokens-remaining", "anthropic-ratelimit-tokens-reset"},
    {"anthropic-ratelimit-input-tokens-remaining", "anthropic-ratelimit-input-tokens-reset"},
    {"anthropic-ratelimit-output-tokens-remaining", "anthropic-ratelimit-output-tokens-reset"}
  };

  private static final Pattern IN_WORDS = Pattern.compile("(?:try again|retry) (?:in|after) ");

  private double seconds = NONE;

  private RetryAfter() {}

  static long of(
      FailureKind kind, Function<String, String> header, ErrorBody error, long nowEpochMillis) {
    RetryAfter wait = asked(header, nowEpochMillis);
    if (kind == FailureKind.RATE_LIMIT) {
      for (String[] limit : LIMITS) {
        if (isExhausted(header.apply(limit[0]))) {
          wait.atLeast(Times.any(header.apply(limit[1]), nowEpochMillis));
        }
      }
    }
    return wait.told(kind, error);
  }

  /**
   * Only what the headers say that are made for it: SDKs look at no other.
   *
   * @param header the value of a header by its name, or null
   * @return nanoseconds from now, a day at most; below 0 when none says anything
   */
  public static long inHeaders(Function<String, String> header, long nowEpochMillis) {
    return asked(header, nowEpochMillis).nanos();
  }

  /** Milliseconds are the more exact word for the same time: SDKs do not look further, either. */
  private static RetryAfter asked(Function<String, String> header, long nowEpochMillis) {
    RetryAfter wait = new RetryAfter();
    for (String name : MILLISECONDS) {
      OptionalDouble told = Times.number(header.apply(name));
      wait.atLeast(told.isPresent() ? OptionalDouble.of(told.getAsDouble() / 1000) : told);
    }
    if (wait.seconds < 0) {
      String retryAfter = header.apply("retry-after");
      OptionalDouble number = Times.number(retryAfter);
      wait.atLeast(number.isPresent() ? number : Times.until(retryAfter, nowEpochMillis));
    }
    return wait;
  }

  static long of(FailureKind kind, ErrorBody error) {
    return new RetryAfter().told(kind, error);
  }

  /** A provider that does not say what is left may mean any of its limits. */
  private static boolean isExhausted(String remaining) {
    OptionalDouble left = Times.number(remaining);
    return !left.isPresent() || left.getAsDouble() == 0;
  }

  private long told(FailureKind kind, ErrorBody error) {
    atLeast(Times.duration(error.retryDelay()));
    if (kind == FailureKind.RATE_LIMIT) {
      Matcher words = IN_WORDS.matcher(error.ownWords());
      if (words.find()) {
        atLeast(Times.leadingDuration(error.ownWords().substring(words.end())));
      }
    }
    return nanos();
  }

  private long nanos() {
    return seconds < 0 ? NONE : Math.round(seconds * 1e9);
  }

  private void atLeast(OptionalDouble told) {
    if (told.isPresent()) {
      double within = Math.min(Math.max(told.getAsDouble(), 0), LONGEST_SECONDS);
      seconds = Math.max(seconds, within);
    }
  }
}
