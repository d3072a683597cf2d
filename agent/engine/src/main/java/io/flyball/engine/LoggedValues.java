package io.flyball.engine;

import io.flyball.engine.attribute.AttributionRules;
import io.flyball.wire.InboundScope;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * What the logging context says of the work that each thread does: its own values, and those that
 * came along with work. What a thread has said since it began its task counts before what came
 * along; what was there before, of some other task, does not. Thread safe.
 */
final class LoggedValues {
  private final ThreadLocal<Carried> onThread = new ThreadLocal<>();
  private volatile boolean used;

  /** A value that somebody asks for was set: from now on they go along. */
  void used() {
    used = true;
  }

  /** Whether there may be something to go along. */
  boolean areUsed() {
    return used;
  }

  /** What those rules want of it, on this thread. */
  Map<String, String> current(AttributionRules rules) {
    Map<String, String> own = rules.logged();
    Carried carried = onThread.get();
    return carried == null ? own : carried.with(own);
  }

  /** The same to be handed over. */
  Map<String, String> captured(AttributionRules rules) {
    return used ? current(rules) : Collections.<String, String>emptyMap();
  }

  /**
   * This thread works with those values until it is closed; null when it does so already.
   *
   * @param values empty for its own alone
   */
  InboundScope adopt(Map<String, String> values, AttributionRules rules) {
    Carried before = onThread.get();
    if (values.isEmpty() ? before == null : before != null && before.values.equals(values)) {
      return null;
    }
    if (values.isEmpty()) {
      onThread.remove();
    } else {
      Map<String, String> own = rules.logged();
      if (before == null && own.equals(values)) {
        return null;
      }
      onThread.set(new Carried(values, own));
    }
    return () -> {
      if (before == null) {
        onThread.remove();
      } else {
        onThread.set(before);
      }
    };
  }

  /** Immutable. */
  private static final class Carried {
    private final Map<String, String> values;
    private final Map<String, String> ownAtBegin;

    Carried(Map<String, String> values, Map<String, String> ownAtBegin) {
      this.values = values;
      this.ownAtBegin = ownAtBegin;
    }

    Map<String, String> with(Map<String, String> own) {
      Map<String, String> all = new HashMap<>(own);
      for (Map.Entry<String, String> value : values.entrySet()) {
        String key = value.getKey();
        if (Objects.equals(own.get(key), ownAtBegin.get(key))) {
          all.put(key, value.getValue());
        }
      }
      return all;
    }
  }
}
