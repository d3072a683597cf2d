package io.flyball.engine.pipeline;

import io.flyball.engine.meter.AnswerMeter;
import io.flyball.protocol.Protocol;
import io.flyball.protocol.sse.MalformedEvents;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseFilter.Fate;

/**
 * Which events of one stream are not for the application. The meter has read the bytes already:
 * only when it has found one that may be is it looked for. A malformed event waits for the next
 * one, for only between two good ones may it be missed. Not thread safe.
 */
final class UnwantedEvents {
  private final AnswerMeter answer;
  private final Protocol hiding;
  private final Runnable tookOut;

  /** What is not looked at has only good events: the meter saw no other in a place to be taken. */
  private final MalformedEvents order = MalformedEvents.afterGood();

  private int found;
  private boolean holding;
  private boolean ended;

  /**
   * @param hiding whose event of usage is hidden; null: none
   * @param tookOut told of each malformed event that does not go on
   */
  UnwantedEvents(AnswerMeter answer, Protocol hiding, Runnable tookOut) {
    this.answer = answer;
    this.hiding = hiding;
    this.tookOut = tookOut;
  }

  /** Whether none of the events that the meter has read and this has not is one. */
  boolean isNone() {
    return !holding
        && answer.removableEvents() == found
        && (hiding == null || !answer.mayHaveUsage());
  }

  /** Half an event that a stream ends with stands between no good ones: it stays. */
  void end() {
    ended = true;
  }

  /** Whether it is the event of usage that only Flyball has asked for. */
  boolean isHidden(SseEvent event) {
    return hiding != null
        && event.hasData()
        && hiding.isRequestedUsageEvent(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  Fate fate(SseEvent event) {
    if (isHidden(event)) {
      return Fate.TAKEN_OUT;
    }
    if (holding) {
      return MalformedEvents.isBlankLine(event) ? Fate.HELD : behindMalformed(event);
    }
    if (ended || answer.removableEvents() == found || event.dataLength() == 0) {
      return Fate.GOES_ON;
    }
    if (MalformedEvents.isMalformed(event)) {
      holding = order.malformed();
      found += holding ? 1 : 0;
      return holding ? Fate.HELD : Fate.GOES_ON;
    }
    if (!MalformedEvents.isGood(event) && !event.dataIs("[DONE]")) {
      order.other();
    }
    return Fate.GOES_ON;
  }

  private Fate behindMalformed(SseEvent event) {
    holding = false;
    if (!ended && MalformedEvents.isGood(event) && !answer.errorSeen() && order.good()) {
      tookOut.run();
      return Fate.GOES_ON_ALONE;
    }
    order.other();
    return Fate.GOES_ON;
  }
}
