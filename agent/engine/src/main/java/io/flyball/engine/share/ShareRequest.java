package io.flyball.engine.share;

/**
 * What a JVM says of its part of an amount, and asks. All are totals, so that what is said twice
 * changes nothing, in units that a double holds exactly, because that is how scripts in a store
 * count: whole numbers up to {@link #MOST}. Immutable but for its answer.
 */
public abstract class ShareRequest {
  /** A double holds twice as much exactly. */
  protected static final long MOST = 1L << 52;

  private final long limit;
  private final long used;
  private final long keep;
  private final long need;
  private final long demand;
  private final long ahead;

  /** How what is used comes back. */
  public enum Kind {
    /** It is gone: money, in a window that ends. */
    SPENT,
    /** It comes back by itself: a place, or what is counted in a sliding minute. */
    LENT
  }

  /**
   * Amounts that are larger than {@link #MOST} are taken for that.
   *
   * @param limit see {@link #limit()}, and so on
   */
  protected ShareRequest(long limit, long used, long keep, long need, long demand, long ahead) {
    this.limit = Math.min(limit, MOST);
    this.used = Math.min(used, MOST);
    this.keep = Math.min(keep, MOST);
    this.need = Math.min(need, MOST);
    this.demand = Math.min(demand, MOST);
    this.ahead = Math.min(ahead, MOST);
  }

  /** Whose it is. */
  public abstract Share share();

  public abstract Kind kind();

  /** What it is a part of, in its window where there are any. */
  public abstract String account();

  /** When all may be forgotten if nobody speaks of it again; milliseconds since the epoch. */
  public abstract long expiresAt();

  /**
   * How long nobody but this JVM has what it has after it has last spoken of it, in milliseconds.
   * Of {@link Kind#LENT} only: what is spent is spent.
   */
  public abstract long lentMillis();

  /**
   * Takes the answer.
   *
   * @param answer null: none came; nothing is known of whether it was heard
   */
  public abstract void answered(ShareAnswer answer, long epochMillis);

  /** What all may have together. */
  public final long limit() {
    return limit;
  }

  /** What this JVM uses or has used. */
  public final long used() {
    return used;
  }

  /** What this JVM has of the limit and keeps, what is used included. */
  public final long keep() {
    return keep;
  }

  /** What it must have so that at least one who waits can go on; 0 when nobody waits. */
  public final long need() {
    return need;
  }

  /** What it must have so that all who wait can. */
  public final long demand() {
    return demand;
  }

  /** What it would have on top, when there is plenty. */
  public final long ahead() {
    return ahead;
  }
}
