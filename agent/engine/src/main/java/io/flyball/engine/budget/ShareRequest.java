package io.flyball.engine.budget;

/**
 * What a JVM says of its part of an account, and asks. Amounts are in units that a double holds
 * exactly, because that is how Redis' scripts count. Immutable.
 */
public final class ShareRequest {
  /** A double holds twice as much exactly; no amount of dollars comes near. */
  private static final long MOST = 1L << 52;

  private final Share share;
  private final long windowStart;
  private final long windowEnd;
  private final long calendarStart;
  private final long scale;
  private final long limit;
  private final long spentParts;
  private final long spent;
  private final long keep;
  private final long need;
  private final long demand;
  private final long ahead;
  private final boolean question;

  ShareRequest(
      Share share,
      Account account,
      long spent,
      long keep,
      long need,
      long demand,
      long ahead,
      boolean question) {
    this.share = share;
    this.windowStart = account.windowStart;
    this.windowEnd = account.windowEnd();
    // A window that was changed while it ran began here at another time than elsewhere.
    this.calendarStart = account.budget.window().startOf(windowEnd - 1);
    this.scale = account.budget.unit() == BudgetUnit.USD ? 10_000 : 1;
    this.limit = Math.min(account.budget.limit() / scale, MOST);
    this.spentParts = spent;
    this.spent = up(spent);
    this.keep = up(keep);
    this.need = up(need);
    this.demand = up(demand);
    this.ahead = Math.min(ahead / scale, MOST);
    this.question = question;
  }

  private long up(long parts) {
    long units = parts / scale + (parts % scale == 0 ? 0 : 1);
    return Math.min(units, MOST);
  }

  /** Back in the unit's smallest parts. */
  long parts(long units) {
    return units > Long.MAX_VALUE / scale ? Long.MAX_VALUE : units * scale;
  }

  long windowStart() {
    return windowStart;
  }

  /** In the unit's smallest parts. */
  long spent() {
    return spentParts;
  }

  public Share share() {
    return share;
  }

  /** The account in its window, as it is called for every JVM; names nobody. */
  public String account() {
    return share.key() + ':' + calendarStart + '-' + windowEnd;
  }

  /** Milliseconds since the epoch. */
  public long windowEnd() {
    return windowEnd;
  }

  /** Whether somebody waits for the answer, be it only to hear what is left. */
  boolean isQuestion() {
    return question;
  }

  public long limit() {
    return limit;
  }

  /** What this JVM has spent in the window. */
  public long used() {
    return spent;
  }

  /** What this JVM has of the limit and keeps, what is spent included. */
  public long keep() {
    return keep;
  }

  /** What it must have so that at least one who waits can go on; 0 when nobody waits. */
  public long need() {
    return need;
  }

  /** What it must have so that all who wait can. */
  public long demand() {
    return demand;
  }

  /** What it would have on top, when there is plenty. */
  public long ahead() {
    return ahead;
  }
}
