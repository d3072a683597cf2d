package io.flyball.engine.call;

import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import java.math.BigDecimal;

/** What was set aside for one attempt, until it is known what it did cost. Once; thread safe. */
public interface Settlement {

  /** The attempt goes on the wire now; from here on the call's record settles it. */
  default void begun() {}

  /**
   * The attempt is paid for.
   *
   * @param usage null when nothing was used
   * @param costUsd null when it is not known
   */
  void settle(Usage usage, BigDecimal costUsd);

  /**
   * The attempt has ended after some content and before its end: it used no more than what was said
   * so far, and what else was set aside may be used by the next one. It is settled later.
   */
  default void brokeOff(ResponseFacts said) {}

  /** Nobody will ever know: all of it counts as spent. */
  void forfeit();

  /** The two as one. */
  static Settlement both(Settlement one, Settlement other) {
    return new Settlement() {
      @Override
      public void begun() {
        one.begun();
        other.begun();
      }

      @Override
      public void settle(Usage usage, BigDecimal costUsd) {
        one.settle(usage, costUsd);
        other.settle(usage, costUsd);
      }

      @Override
      public void brokeOff(ResponseFacts said) {
        one.brokeOff(said);
        other.brokeOff(said);
      }

      @Override
      public void forfeit() {
        one.forfeit();
        other.forfeit();
      }
    };
  }
}
