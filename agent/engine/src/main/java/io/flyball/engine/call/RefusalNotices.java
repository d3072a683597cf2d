package io.flyball.engine.call;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells in the log that calls are refused, and by what: the first time, and then not again until
 * there is something new to tell, however many calls and names come. Thread safe.
 */
public final class RefusalNotices {
  /** Tells nothing. */
  public static final RefusalNotices NONE = new RefusalNotices(null, null);

  private static final int MOST_OF_ONE_KIND = 20;
  private static final int MOST_KINDS = 1_000;
  private static final int LONGEST = 1_000;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long MINUTE_MILLIS = 60_000;

  private final Consumer<String> warnings;
  private final TimeSource time;

  /** The latest last. */
  private final Map<String, Told> kinds = new LinkedHashMap<>();

  /**
   * @param warnings takes lines; on the thread of a call
   */
  public RefusalNotices(Consumer<String> warnings, TimeSource time) {
    this.warnings = warnings;
    this.time = time;
  }

  /** Tells it once in a minute. */
  public void inMinute(String kind, Supplier<String> line) {
    if (warnings != null) {
      tell(kind, "", nowMillis() + MINUTE_MILLIS, line);
    }
  }

  /** Tells it once. */
  public void once(String kind, String which, Supplier<String> line) {
    until(Long.MAX_VALUE, kind, which, line);
  }

  /**
   * Tells it once until then.
   *
   * @param kind one of few
   * @param which may be any; of each kind only the first few are told
   * @param line without prompt text and secrets
   */
  public void until(long epochMillis, String kind, String which, Supplier<String> line) {
    if (warnings != null) {
      tell(kind, which, epochMillis, line);
    }
  }

  private void tell(String kind, String which, long until, Supplier<String> line) {
    String more;
    synchronized (kinds) {
      Told told = kinds.get(kind);
      if (told == null || told.until <= nowMillis()) {
        told = new Told(until);
        kinds.remove(kind);
        kinds.put(kind, told);
        if (kinds.size() > MOST_KINDS) {
          kinds.remove(kinds.keySet().iterator().next());
        }
      }
      if (told.which.size() == MOST_OF_ONE_KIND || !told.which.add(which)) {
        return;
      }
      more =
          told.which.size() == MOST_OF_ONE_KIND ? " (more of this kind are not told for now)" : "";
    }
    String words = line.get();
    warnings.accept((words.length() > LONGEST ? words.substring(0, LONGEST) : words) + more);
  }

  private long nowMillis() {
    return time.epochNanos() / NANOS_PER_MILLI;
  }

  /** What was told of one kind. */
  private static final class Told {
    final long until;
    final Set<String> which = new HashSet<>();

    Told(long until) {
      this.until = until;
    }
  }
}
