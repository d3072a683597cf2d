package io.flyball.engine.meter;

import io.flyball.engine.wire.Body;

/** A body whose meter can be asked what has passed so far. */
public interface ObservedBody extends Body {

  AnswerMeter answer();
}
