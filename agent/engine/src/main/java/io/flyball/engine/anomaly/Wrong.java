package io.flyball.engine.anomaly;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Those with whom something is wrong: how an anomaly begins, lasts and ends is the same for all
 * kinds. Not thread safe.
 */
final class Wrong<S extends Wrong.Suspect> {
  private final Notices notices;
  private final Set<S> suspects = new LinkedHashSet<>();

  Wrong(Notices notices) {
    this.notices = notices;
  }

  void begin(S suspect, Anomaly anomaly) {
    ((Suspect) suspect).anomaly = anomaly;
    suspects.add(suspect);
    notices.began(anomaly);
  }

  /**
   * It is over.
   *
   * @param total what was spent, or how many calls there were, while it lasted
   */
  void end(S suspect, long now, Anomaly.End why, double total) {
    Anomaly anomaly = suspect.anomaly();
    ((Suspect) suspect).anomaly = null;
    suspects.remove(suspect);
    notices.ended(anomaly.ended(now, why, total));
  }

  /** In the order in which it began; they may end meanwhile. */
  List<S> all() {
    return new ArrayList<>(suspects);
  }

  /** Whose anomaly has that id; null for nobody's. */
  S find(String id) {
    for (S suspect : suspects) {
      if (suspect.anomaly().id().equals(id)) {
        return suspect;
      }
    }
    return null;
  }

  List<Anomaly> anomalies() {
    List<Anomaly> anomalies = new ArrayList<>();
    for (S suspect : suspects) {
      anomalies.add(suspect.anomaly());
    }
    return anomalies;
  }

  /**
   * Of one too many the first goes with whom nothing is wrong.
   *
   * @param all those who have not been heard of for the longest time first
   */
  static void forgetOldest(Map<?, ? extends Suspect> all, int most) {
    if (all.size() <= most) {
      return;
    }
    Iterator<? extends Suspect> eldest = all.values().iterator();
    while (eldest.hasNext()) {
      if (!eldest.next().isWrong()) {
        eldest.remove();
        return;
      }
    }
  }

  /** Somebody, or some conversation, with whom something may be wrong. */
  abstract static class Suspect {
    private Anomaly anomaly;

    final boolean isWrong() {
      return anomaly != null;
    }

    /** Null when nothing is wrong. */
    final Anomaly anomaly() {
      return anomaly;
    }
  }
}
