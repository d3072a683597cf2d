package io.flyball.engine.meter;

import io.flyball.engine.call.Outcome;
import io.flyball.wire.Body;

/** The body of an answer in which Flyball itself says no. */
public interface OwnRefusal extends Body {

  /** How a call ends that is answered so. */
  Outcome outcome();

  /** The refusal's word, for example {@code flyball_rate_limited}. */
  String word();
}
