package io.flyball.engine.anomaly;

import java.util.ArrayList;
import java.util.List;

/** What there is to be told of anomalies. Not thread safe. */
final class Notices {
  private final List<Anomaly> toTell = new ArrayList<>();
  private long ids;

  String nextId() {
    return "anomaly-" + ++ids;
  }

  void began(Anomaly anomaly) {
    toTell.add(anomaly);
  }

  void ended(Anomaly anomaly) {
    toTell.add(anomaly);
  }

  /** Everything since it was asked for last, in its order. */
  List<Anomaly> take() {
    List<Anomaly> taken = new ArrayList<>(toTell);
    toTell.clear();
    return taken;
  }
}
