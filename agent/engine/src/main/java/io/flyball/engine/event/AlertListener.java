package io.flyball.engine.event;

/** Told of every alert once; never on a caller's thread. */
public interface AlertListener {

  void alerted(Alert alert);
}
