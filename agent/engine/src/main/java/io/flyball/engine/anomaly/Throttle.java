package io.flyball.engine.anomaly;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Who is held back while something is wrong: keys to their usual number of calls, loops from any
 * call. Thread safe; asking costs next to nothing while nothing is wrong.
 */
public final class Throttle {
  private static final double NANOS_PER_MINUTE = 60e9;

  private final TimeSource time;
  private final ConversationReader reader;
  private volatile Holds holds;

  Throttle(TimeSource time, ConversationReader reader) {
    this.time = time;
    this.reader = reader;
  }

  /** Whether nobody is held back. */
  boolean isIdle() {
    return holds == null;
  }

  /** Who makes a call, without where in the code it is made. */
  static List<String> who(Attribution attribution) {
    return Arrays.asList(attribution.tenant(), attribution.feature(), attribution.userHash());
  }

  /** Null: the request goes on with no loop, else the message of a refusal. */
  String loopRefusal(byte[] body, Attribution whose) {
    Holds now = holds;
    if (now == null || !now.loopers.contains(who(whose))) {
      return null;
    }
    Conversation conversation = reader.read(body, whose);
    for (int i = conversation == null ? 0 : conversation.messages(); i > 0; i--) {
      if (now.loops.contains(conversation.beginning(i))) {
        return "this conversation is a loop: it called again and again without a person";
      }
    }
    return null;
  }

  /** Takes one of the calls that are usual. Null: there is one, else the message of a refusal. */
  String spendingRefusal(Attribution whose) {
    Holds now = holds;
    if (now == null) {
      return null;
    }
    for (Map.Entry<SpendScope, Map<String, Bucket>> scope : now.buckets.entrySet()) {
      String key = scope.getKey().keyOf(whose);
      Bucket bucket = key == null ? null : scope.getValue().get(key);
      if (bucket != null && !bucket.take(time.nanoTime())) {
        return "spending is held to what is usual ("
            + scope.getKey().name().toLowerCase(Locale.ROOT)
            + ")";
      }
    }
    return null;
  }

  /** Replaces who is held back; not called concurrently. */
  void hold(
      Map<SpendScope, Map<String, Double>> callsPerMinute,
      Set<Long> loops,
      Set<List<String>> loopers) {
    Holds before = holds;
    if (callsPerMinute.isEmpty() && loops.isEmpty()) {
      holds = null;
      return;
    }
    Map<SpendScope, Map<String, Bucket>> buckets = new EnumMap<>(SpendScope.class);
    callsPerMinute.forEach(
        (scope, rates) -> {
          Map<String, Bucket> of = new HashMap<>();
          Map<String, Bucket> old =
              before == null
                  ? Collections.emptyMap()
                  : before.buckets.getOrDefault(scope, Collections.emptyMap());
          rates.forEach(
              (key, rate) -> {
                Bucket bucket = old.get(key);
                of.put(key, bucket == null ? new Bucket(rate, time.nanoTime()) : bucket.at(rate));
              });
          buckets.put(scope, of);
        });
    holds = new Holds(buckets, loops, loopers);
  }

  /** What is in force together. Immutable but for the buckets. */
  private static final class Holds {
    private final Map<SpendScope, Map<String, Bucket>> buckets;
    private final Set<Long> loops;
    private final Set<List<String>> loopers;

    Holds(
        Map<SpendScope, Map<String, Bucket>> buckets, Set<Long> loops, Set<List<String>> loopers) {
      this.buckets = buckets;
      this.loops = loops;
      this.loopers = loopers;
    }
  }

  /** So many calls a minute, of which one minute's may come at once. */
  private static final class Bucket {
    private double perMinute;
    private double left;
    private long filledAt;

    Bucket(double perMinute, long now) {
      this.perMinute = perMinute;
      this.left = perMinute;
      this.filledAt = now;
    }

    synchronized Bucket at(double newPerMinute) {
      perMinute = newPerMinute;
      return this;
    }

    synchronized boolean take(long now) {
      left = Math.min(perMinute, left + (now - filledAt) / NANOS_PER_MINUTE * perMinute);
      filledAt = now;
      if (left < 1) {
        return false;
      }
      left--;
      return true;
    }
  }
}
