package io.flyball.engine.meter;

import io.flyball.wire.Body;
import io.flyball.wire.WireResponse;

/** A body whose meter can be asked what has passed so far. */
public interface ObservedBody extends Body {

  /** Null when nobody has looked on. */
  AnswerMeter answer();

  /** The meter of a body; null when nobody has looked on. */
  static AnswerMeter answerOf(Body body) {
    return body instanceof ObservedBody ? ((ObservedBody) body).answer() : null;
  }

  /** Whether content of that answer has passed; it may be null or nobody's. */
  static boolean contentSeen(WireResponse response) {
    AnswerMeter answer = response == null ? null : answerOf(response.body());
    return answer != null && answer.contentSeen();
  }
}
