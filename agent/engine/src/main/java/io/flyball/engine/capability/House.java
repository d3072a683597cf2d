package io.flyball.engine.capability;

import io.flyball.base.InternalErrors;
import io.flyball.base.log.Log;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.Timer;
import java.util.Objects;

/** What a capability works with. Immutable; what it gives is thread safe. */
public final class House {
  private final TimeSource time;
  private final Timer timer;
  private final Log log;
  private final InternalErrors errors;
  private final Neighbours neighbours;

  public House(
      TimeSource time, Timer timer, Log log, InternalErrors errors, Neighbours neighbours) {
    this.time = Objects.requireNonNull(time, "time");
    this.timer = Objects.requireNonNull(timer, "timer");
    this.log = Objects.requireNonNull(log, "log");
    this.errors = Objects.requireNonNull(errors, "errors");
    this.neighbours = Objects.requireNonNull(neighbours, "neighbours");
  }

  public TimeSource time() {
    return time;
  }

  public Timer timer() {
    return timer;
  }

  public Log log() {
    return log;
  }

  public InternalErrors errors() {
    return errors;
  }

  public Neighbours neighbours() {
    return neighbours;
  }
}
