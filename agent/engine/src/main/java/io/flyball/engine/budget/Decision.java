package io.flyball.engine.budget;

/** Whether a call fits into its budgets. Immutable. */
public final class Decision {
  private final Reservation reservation;
  private final Budget budget;
  private final long left;
  private final long unspent;
  private final long windowEnd;

  private Decision(
      Reservation reservation, Budget budget, long left, long unspent, long windowEnd) {
    this.reservation = reservation;
    this.budget = budget;
    this.left = left;
    this.unspent = unspent;
    this.windowEnd = windowEnd;
  }

  static Decision admitted(Reservation reservation) {
    return new Decision(reservation, null, 0, 0, 0);
  }

  static Decision refused(Budget budget, long left, long unspent, long windowEnd) {
    return new Decision(null, budget, left, unspent, windowEnd);
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

  /** When the budget's window ends; milliseconds since the epoch. */
  public long windowEnd() {
    return windowEnd;
  }
}
