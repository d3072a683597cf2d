package io.flyball.engine.budget;

/** Whether a call fits into its budgets. Immutable. */
public final class Decision {
  private final Reservation reservation;
  private final Budget budget;
  private final long left;
  private final long unspent;
  private final long windowEnd;
  private final boolean behindOthers;

  private Decision(
      Reservation reservation,
      Budget budget,
      long left,
      long unspent,
      long windowEnd,
      boolean behindOthers) {
    this.reservation = reservation;
    this.budget = budget;
    this.left = left;
    this.unspent = unspent;
    this.windowEnd = windowEnd;
    this.behindOthers = behindOthers;
  }

  static Decision admitted(Reservation reservation) {
    return new Decision(reservation, null, 0, 0, 0, false);
  }

  /**
   * @param behindOthers whether it would fit, but others wait there who came before
   */
  static Decision refused(
      Budget budget, long left, long unspent, long windowEnd, boolean behindOthers) {
    return new Decision(null, budget, left, unspent, windowEnd, behindOthers);
  }

  public boolean isAdmitted() {
    return reservation != null;
  }

  /** Null when it does not fit. */
  public Reservation reservation() {
    return reservation;
  }

  /** The budget it does not fit into. */
  public Budget budget() {
    return budget;
  }

  /** What is neither spent nor reserved there, in the unit's smallest parts. */
  public long left() {
    return left;
  }

  /** What is not spent there: what those under way leave over comes to it. */
  public long unspent() {
    return unspent;
  }

  /** Whether it would fit there now, but for others who wait for the same and came before. */
  public boolean isBehindOthers() {
    return behindOthers;
  }

  /** When the budget's window ends; milliseconds since the epoch. */
  public long windowEnd() {
    return windowEnd;
  }
}
