package io.flyball.engine.budget;

/** Whether a call fits into its budgets. Immutable. */
public final class Decision {
  private final Reservation reservation;
  private final Account account;
  private final Budget budget;
  private final long left;
  private final long unspent;
  private final long windowEnd;
  private final boolean behindOthers;
  private final boolean shared;
  private final boolean pending;
  private final boolean alone;
  private final boolean leasedNothing;
  private final boolean unheard;

  private Decision(
      Reservation reservation,
      Account account,
      long left,
      long unspent,
      long windowEnd,
      boolean behindOthers,
      AccountShare share,
      boolean pending) {
    this.behindOthers = behindOthers;
    this.shared = share != null;
    this.pending = pending;
    this.alone = share != null && share.isAlone();
    this.leasedNothing = alone && share.granted() == 0;
    this.unheard = alone && share.asOf() == 0;
    this.reservation = reservation;
    this.account = account;
    this.budget = account == null ? null : account.budget;
    this.left = left;
    this.unspent = unspent;
    this.windowEnd = windowEnd;
  }

  static Decision admitted(Reservation reservation) {
    return new Decision(reservation, null, 0, 0, 0, false, null, false);
  }

  /**
   * @param behindOthers whether it would fit, but others wait there who came before
   */
  static Decision refused(
      Account account, long left, long unspent, long windowEnd, boolean behindOthers) {
    return new Decision(null, account, left, unspent, windowEnd, behindOthers, null, false);
  }

  /**
   * @param pending whether the other JVMs have not said yet what they leave
   */
  static Decision refused(Account account, AccountShare share, boolean pending, long windowEnd) {
    return new Decision(
        null, account, share.left(), share.unspent(), windowEnd, false, share, pending);
  }

  public boolean isAdmitted() {
    return reservation != null;
  }

  /** Null when it does not fit. */
  public Reservation reservation() {
    return reservation;
  }

  /** The account it does not fit into; touched under the ledger's lock only. */
  Account account() {
    return account;
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

  /** Whether other JVMs spend from the account, too. */
  boolean isShared() {
    return shared;
  }

  /** Whether it may fit when the other JVMs have answered. */
  boolean isPending() {
    return pending;
  }

  /** Whether the other JVMs cannot be asked. */
  boolean isAlone() {
    return alone;
  }

  /** Whether they cannot be asked, and left this JVM nothing before. */
  boolean hasLeasedNothing() {
    return leasedNothing;
  }

  /** Whether they cannot be asked, and were not heard of before. */
  boolean isUnheard() {
    return unheard;
  }

  /** When the budget's window ends; milliseconds since the epoch. */
  public long windowEnd() {
    return windowEnd;
  }
}
