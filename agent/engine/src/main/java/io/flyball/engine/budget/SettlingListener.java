package io.flyball.engine.budget;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Settlement;

/** Replaces what was set aside for the attempts of a call by what they did cost. */
public final class SettlingListener implements CallListener {

  @Override
  public void callEnded(CallRecord record) {
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
    for (AttemptRecord attempt : record.attempts()) {
      if (attempt.settlement() != null) {
        attempt.settlement().forfeit();
      }
    }
  }
}
