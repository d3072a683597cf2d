package io.flyball.instrumentation.javahttpclient;

import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;

/**
 * What the application allows its request to take until the head of its response is there, counted
 * from when it asked. Immutable.
 */
final class TimeLimit {
  private final boolean set;
  private final long endNanoTime;

  private TimeLimit(boolean set, long endNanoTime) {
    this.set = set;
    this.endNanoTime = endNanoTime;
  }

  /** That of a request which is sent now. */
  static TimeLimit from(HttpRequest request) {
    Optional<Duration> timeout = request.timeout();
    // Longer than any deadline can be told by System.nanoTime.
    boolean set = timeout.isPresent() && timeout.get().toDays() < 36_500;
    return new TimeLimit(set, set ? System.nanoTime() + timeout.get().toNanos() : 0);
  }

  /** That it is over, in the client's words. */
  static HttpTimeoutException over() {
    return new HttpTimeoutException("request timed out");
  }

  /** At least 0, or -1 for no limit. */
  long nanosLeft() {
    return set ? Math.max(0, endNanoTime - System.nanoTime()) : -1;
  }

  /** What is left, never nothing. */
  Optional<Duration> left() {
    return set ? Optional.of(Duration.ofNanos(Math.max(1, nanosLeft()))) : Optional.empty();
  }
}
