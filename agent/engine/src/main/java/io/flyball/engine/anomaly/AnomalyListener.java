package io.flyball.engine.anomaly;

/** Told once of every anomaly's beginning and once of its end; never on a caller's thread. */
public interface AnomalyListener {

  void began(Anomaly anomaly);

  void ended(Anomaly anomaly);
}
