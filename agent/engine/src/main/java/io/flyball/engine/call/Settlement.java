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

  /**
   * Nobody waits for the attempt any more, and it may be paid for all the same, whatever is handed
   * on in its place: all that was set aside stays so until it is settled.
   */
  default void left() {}

  /**
   * The attempt has ended, and another one is to be made in its place at once, which is paid for as
   * well.
   *
   * @param said by the attempt, which used no more than that; null: all that was set aside for it
   *     stays so until it is settled
   * @return what is set aside for the other one; null when it cannot be paid for
   */
  default Settlement another(ResponseFacts said) {
    return this;
  }

  /** Whether somebody counts on knowing what the attempt did cost, rather than on an estimate. */
  default boolean countsUsage() {
    return true;
  }

  /** Nobody will ever know: all of it counts as spent. */
  void forfeit();

  /**
   * Nobody will ever know all of it, and this much was told: all that was set aside counts as
   * spent, and no less than that.
   *
   * @param told null when nothing was
   * @param costUsd of what was told; null when it is not known
   */
  default void forfeit(Usage told, BigDecimal costUsd) {
    forfeit();
  }

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
      public void left() {
        one.left();
        other.left();
      }

      @Override
      public Settlement another(ResponseFacts said) {
        Settlement first = one.another(said);
        Settlement second = other.another(said);
        return first == null || second == null ? null : both(first, second);
      }

      @Override
      public boolean countsUsage() {
        return one.countsUsage() || other.countsUsage();
      }

      @Override
      public void forfeit() {
        one.forfeit();
        other.forfeit();
      }

      @Override
      public void forfeit(Usage told, BigDecimal costUsd) {
        one.forfeit(told, costUsd);
        other.forfeit(told, costUsd);
      }
    };
  }
}
