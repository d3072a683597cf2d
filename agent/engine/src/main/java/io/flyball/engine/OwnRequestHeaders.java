package io.flyball.engine;

import io.flyball.wire.Headers;
import java.util.Collections;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Reads what an application says to Flyball on a request ({@code x-flyball-*}). What cannot be
 * understood is as if it were not there, and is told once: an application that misspells a header
 * would else believe in something that is not done. Thread safe.
 */
final class OwnRequestHeaders {
  private static final String BYPASS = "x-flyball-bypass";
  static final String TIMEOUT = "x-flyball-timeout";

  /** Names come from the application: neither their number nor their length is bounded there. */
  private static final int MOST_TOLD = 100;

  private static final int LONGEST_NAME = 80;

  private final Consumer<String> notices;
  private final Set<String> told = ConcurrentHashMap.newKeySet();

  /**
   * @param notices takes a line for the user, with no value of a header in it
   */
  OwnRequestHeaders(Consumer<String> notices) {
    this.notices = notices;
  }

  /**
   * Reads those of one request. Never throws.
   *
   * @param attribution whether a header of that name, in lower case, says whom a call is for
   * @param mayBypass whether the user allows calls to be left alone
   */
  Asked read(Headers headers, Predicate<String> attribution, boolean mayBypass) {
    boolean bypass = false;
    long timeoutNanos = Long.MAX_VALUE;
    Set<String> seen = Collections.emptySet();
    for (int i = 0; i < headers.size(); i++) {
      String written = headers.name(i);
      if (!Headers.isForFlyball(written)) {
        continue;
      }
      String name = written.toLowerCase(Locale.ROOT);
      seen = seen.isEmpty() ? new HashSet<>() : seen;
      if (!seen.add(name)) {
        // As everywhere, the first of several counts.
        continue;
      }
      String value = headers.value(i).trim();
      if (name.equals(BYPASS)) {
        bypass = isBypass(value, mayBypass);
      } else if (name.equals(TIMEOUT)) {
        timeoutNanos = CallTimeout.nanos(value);
        if (timeoutNanos == Long.MAX_VALUE) {
          tell(name, "its value is no time such as 500ms, 30s or 2m; the call has no limit by it");
        }
      } else if (!attribution.test(name)) {
        tell(name, "no header of that name is known; it does nothing");
      }
    }
    return seen.isEmpty() ? Asked.NOTHING : new Asked(bypass, timeoutNanos);
  }

  private boolean isBypass(String value, boolean mayBypass) {
    if (value.equalsIgnoreCase("true")) {
      if (!mayBypass) {
        tell(BYPASS, "flyball.bypass.allowed=false, so the call is governed like any other");
      }
      return mayBypass;
    }
    if (!value.equalsIgnoreCase("false")) {
      tell(BYPASS, "its value is neither true nor false; the call is governed like any other");
    }
    return false;
  }

  private void tell(String name, String what) {
    if (told.size() < MOST_TOLD && told.add(name)) {
      String shown = name.length() > LONGEST_NAME ? name.substring(0, LONGEST_NAME) + "..." : name;
      notices.accept("request header " + shown + ": " + what + " (told once)");
    }
  }

  /** What a request asks for. */
  static final class Asked {
    static final Asked NOTHING = new Asked(false, Long.MAX_VALUE);

    /** Whether no policy may touch the call. */
    final boolean bypass;

    /** How long the call may take; {@link Long#MAX_VALUE} for no limit. */
    final long timeoutNanos;

    private Asked(boolean bypass, long timeoutNanos) {
      this.bypass = bypass;
      this.timeoutNanos = timeoutNanos;
    }
  }
}
