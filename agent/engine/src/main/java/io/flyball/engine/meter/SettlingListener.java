package io.flyball.engine.meter;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Settlement;

/** Tells those who set something aside for a call and its attempts what they did cost. */
public final class SettlingListener implements CallListener {

  @Override
  public void callEnded(CallRecord record) {
    for (Settlement settlement : record.journal().settlements()) {
      settlement.settle(record.usage(), record.costUsd());
    }
    for (AttemptRecord attempt : record.attempts()) {
      Settlement settlement = attempt.settlement();
      if (settlement == null) {
        continue;
      }
      if (attempt.used() && attempt.usage() == null) {
        settlement.forfeit();
      } else {
        settlement.settle(attempt.usage(), attempt.costUsd());
      }
    }
  }

  /** The record of a call is lost, and with it what it did cost. */
  public static void forfeit(CallRecord record) {
    for (Settlement settlement : record.journal().settlements()) {
      settlement.forfeit();
    }
    for (AttemptRecord attempt : record.attempts()) {
      if (attempt.settlement() != null) {
        attempt.settlement().forfeit();
      }
    }
  }
}
