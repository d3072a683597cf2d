package io.flyball.engine.meter;

import io.flyball.engine.wire.Body;
import io.flyball.engine.wire.WireResponse;

/** A body whose meter can be asked what has passed so far. */
public interface ObservedBody extends Body {

  AnswerMeter answer();

  /** Whether content of that answer has passed; it may be null or nobody's. */
  static boolean contentSeen(WireResponse response) {
    return response != null
        && response.body() instanceof ObservedBody
        && ((ObservedBody) response.body()).answer().contentSeen();
  }
}
