package io.flyball.engine.meter;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallListener;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Settlement;
import io.flyball.protocol.Usage;
import io.flyball.protocol.json.Counts;
import java.math.BigDecimal;
import java.util.List;

/** Tells those who set something aside for a call and its attempts what they did cost. */
public final class SettlingListener implements CallListener {

  @Override
  public void callEnded(CallRecord record) {
    for (Settlement settlement : record.journal().settlements()) {
      settlement.settle(record.usage(), record.costUsd());
    }
    List<AttemptRecord> attempts = record.attempts();
    for (int i = 0; i < attempts.size(); i++) {
      Settlement settlement = attempts.get(i).settlement();
      if (settlement != null && isFirstOf(settlement, attempts, i)) {
        settle(settlement, attempts);
      }
    }
  }

  private static boolean isFirstOf(Settlement settlement, List<AttemptRecord> attempts, int index) {
    for (int i = 0; i < index; i++) {
      if (attempts.get(i).settlement() == settlement) {
        return false;
      }
    }
    return true;
  }

  /** An attempt may be made once more with what was set aside for it: all of them are paid. */
  private static void settle(Settlement settlement, List<AttemptRecord> attempts) {
    Usage usage = null;
    BigDecimal costUsd = null;
    boolean open = false;
    boolean priced = true;
    for (AttemptRecord attempt : attempts) {
      if (attempt.settlement() != settlement || !(attempt.used() || attempt.openEnded())) {
        continue;
      }
      open |= attempt.openEnded() || attempt.usage() == null;
      if (attempt.usage() != null) {
        usage = usage == null ? attempt.usage() : sum(usage, attempt.usage());
        priced &= attempt.costUsd() != null;
        costUsd = sum(costUsd, attempt.costUsd());
      }
    }
    if (open) {
      settlement.forfeit(usage, priced ? costUsd : null);
    } else {
      settlement.settle(usage, priced ? costUsd : null);
    }
  }

  private static Usage sum(Usage one, Usage other) {
    return Usage.builder(Usage.Source.ESTIMATED)
        .input(Counts.plus(one.input(), other.input()))
        .output(Counts.plus(one.output(), other.output()))
        .build();
  }

  private static BigDecimal sum(BigDecimal one, BigDecimal other) {
    return one == null ? other : other == null ? one : one.add(other);
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
