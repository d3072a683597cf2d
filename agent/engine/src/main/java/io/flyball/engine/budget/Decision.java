package io.flyball.engine.budget;

/** Whether a call fits into its budgets. Immutable. */
final class Decision {
  private final Reservation reservation;
  private final Budget budget;
  private final long left;
  private final boolean mayFitLater;
  private final long windowEnd;

  private Decision(
      Reservation reservation, Budget budget, long left, boolean mayFitLater, long windowEnd) {
    this.reservation = reservation;
    this.budget = budget;
    this.left = left;
    this.mayFitLater = mayFitLater;
    this.windowEnd = windowEnd;
  }

  static Decision admitted(Reservation reservation) {
    return new Decision(reservation, null, 0, false, 0);
  }

  static Decision refused(Budget budget, long left, boolean mayFitLater, long windowEnd) {
    return new Decision(null, budget, left, mayFitLater, windowEnd);
  }

  boolean isAdmitted() {
    return reservation != null;
  }

  /** Null when it does not fit. */
  Reservation reservation() {
    return reservation;
  }

  /** The budget it does not fit into. */
  Budget budget() {
    return budget;
  }

  /** What is neither spent nor reserved there, in the unit's smallest parts. */
  long left() {
    return left;
  }

  /** Whether it would fit if those under way cost nothing: what is in the way is not yet spent. */
  boolean mayFitLater() {
    return mayFitLater;
  }

  /** When the budget's window ends; milliseconds since the epoch. */
  long windowEnd() {
    return windowEnd;
  }
}
