package io.flyball.engine;

import io.flyball.wire.InboundRequest;
import java.util.concurrent.TimeUnit;

/** Reads how long the client of the application still waits, from what its request says. */
final class InboundDeadline {
  /** Set by Envoy for what stands behind it. */
  private static final String ENVOY = "x-envoy-expected-rq-timeout-ms";

  private static final String GRPC = "grpc-timeout";
  private static final String PLAIN = "x-request-timeout";
  private static final int MOST_DIGITS = 8;

  private InboundDeadline() {}

  /** Nanoseconds from when the request came; {@link Long#MAX_VALUE} when it says nothing. */
  static long nanos(InboundRequest request) {
    return Math.min(
        millis(request.header(ENVOY)),
        Math.min(grpc(request.header(GRPC)), plain(request.header(PLAIN))));
  }

  /** A bare number. */
  private static long millis(String header) {
    return header == null ? Long.MAX_VALUE : of(header.trim(), TimeUnit.MILLISECONDS);
  }

  /** Up to eight digits and a unit of one letter. */
  private static long grpc(String header) {
    if (header == null || header.trim().isEmpty()) {
      return Long.MAX_VALUE;
    }
    String text = header.trim();
    String digits = text.substring(0, text.length() - 1);
    switch (text.charAt(text.length() - 1)) {
      case 'H':
        return of(digits, TimeUnit.HOURS);
      case 'M':
        return of(digits, TimeUnit.MINUTES);
      case 'S':
        return of(digits, TimeUnit.SECONDS);
      case 'm':
        return of(digits, TimeUnit.MILLISECONDS);
      case 'u':
        return of(digits, TimeUnit.MICROSECONDS);
      case 'n':
        return of(digits, TimeUnit.NANOSECONDS);
      default:
        return Long.MAX_VALUE;
    }
  }

  /** With a unit: a bare number means seconds to some and milliseconds to others. */
  private static long plain(String header) {
    if (header == null) {
      return Long.MAX_VALUE;
    }
    String text = header.trim();
    boolean bare = text.isEmpty() || Character.isDigit(text.charAt(text.length() - 1));
    return bare ? Long.MAX_VALUE : CallTimeout.nanos(text);
  }

  private static long of(String digits, TimeUnit unit) {
    if (digits.isEmpty() || digits.length() > MOST_DIGITS) {
      return Long.MAX_VALUE;
    }
    long number = 0;
    for (int i = 0; i < digits.length(); i++) {
      char digit = digits.charAt(i);
      if (digit < '0' || digit > '9') {
        return Long.MAX_VALUE;
      }
      number = 10 * number + (digit - '0');
    }
    return number == 0 ? Long.MAX_VALUE : unit.toNanos(number);
  }
}
