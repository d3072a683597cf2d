package io.flyball.engine.meter;

import io.flyball.engine.call.Outcome;
import io.flyball.protocol.HiddenReasoning;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;

/** What an attempt that failed before any content may be billed for all the same. */
public final class UnseenWork {
  private static final int REQUEST_TIMEOUT = 408;
  private static final int CLIENT_CLOSED = 499;
  private static final int GATEWAY_TIMEOUT = 504;
  private static final int ORIGIN_TIMEOUT = 524;

  private UnseenWork() {}

  /**
   * Whether somebody may have worked on the answer that is billed and was not seen: whoever stands
   * before the provider did not wait for it, or a stream broke off while a model may have thought
   * unseen. Where all of the usage was told it is known.
   *
   * @param answer that has ended, or failed before its first content
   * @param said what it has said by now
   */
  public static boolean isPossible(RequestFacts asked, AnswerMeter answer, ResponseFacts said) {
    if (asked.operation() == Operation.COUNT_TOKENS) {
      return false;
    }
    switch (answer.status()) {
      case REQUEST_TIMEOUT:
      case CLIENT_CLOSED:
      case GATEWAY_TIMEOUT:
      case ORIGIN_TIMEOUT:
        return !said.tellsUsage();
      default:
        return isBrokenStream(asked, answer) && HiddenReasoning.isPossible(asked, said);
    }
  }

  private static boolean isBrokenStream(RequestFacts asked, AnswerMeter answer) {
    return asked.stream()
        && answer.outcome() == Outcome.CUT
        && answer.status() >= 200
        && answer.status() < 300;
  }
}
