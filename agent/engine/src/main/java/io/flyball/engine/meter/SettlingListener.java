package io.flyball.engine.meter;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Settlement;
import java.util.List;

/** Tells those who set something aside for a call and its attempts what they did cost. */
public final class SettlingListener implements CallListener {

  @Override
  public void callEnded(CallRecord record) {
    for (Settlement settlement : record.journal().settlements()) {
      settlement.settle(record.usage(), record.costUsd());
    }
    for (int i = 0; i < record.attempts().size(); i++) {
      AttemptRecord attempt = record.attempts().get(i);
      Settlement settlement = attempt.settlement();
      if (settlement == null || isSettledLater(record.attempts(), i)) {
        continue;
      }
      if (attempt.openEnded() || (attempt.used() && attempt.usage() == null)) {
        settlement.forfeit();
      } else {
        settlement.settle(attempt.usage(), attempt.costUsd());
      }
    }
  }

  /**
   * Whether an attempt was made once more with what was set aside for it: then the one that used
   * something says what it did cost, or else the last one.
   */
  private static boolean isSettledLater(List<AttemptRecord> attempts, int index) {
    AttemptRecord attempt = attempts.get(index);
    for (int i = index + 1; i < attempts.size(); i++) {
      AttemptRecord later = attempts.get(i);
      if (later.settlement() == attempt.settlement() && (costs(later) || !costs(attempt))) {
        return true;
      }
    }
    return false;
  }

  private static boolean costs(AttemptRecord attempt) {
    return attempt.used() || attempt.openEnded();
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
