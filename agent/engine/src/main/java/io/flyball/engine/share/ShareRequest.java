package io.flyball.engine.share;

/**
 * What a JVM says of its part of an amount, and asks. All are totals, so that what is said twice
 * changes nothing, in units that a double holds exactly, because that is how scripts in a store
 * count: whole numbers up to {@link #MOST}. Immutable but for its answer.
 */
public interface ShareRequest {
  /** A double holds twice as much exactly. */
  long MOST = 1L << 52;

  /** How what is used comes back. */
  enum Kind {
    /** It is gone: money, in a window that ends. */
    SPENT,
    /** It comes back by itself: a place, or what is counted in a sliding minute. */
    LENT
  }

  /** Whose it is. */
  Share share();

  Kind kind();

  /** What it is a part of, in its window where there are any. */
  String account();

  /** When all may be forgotten if nobody speaks of it again; milliseconds since the epoch. */
  long expiresAt();

  /**
   * How long nobody but this JVM has what it has after it has last spoken of it, in milliseconds.
   * Of {@link Kind#LENT} only: what is spent is spent.
   */
  long lentMillis();

  /** What all may have together. */
  long limit();

  /** What this JVM uses or has used. */
  long used();

  /** What this JVM has of the limit and keeps, what is used included. */
  long keep();

  /** What it must have so that at least one who waits can go on; 0 when nobody waits. */
  long need();

  /** What it must have so that all who wait can. */
  long demand();

  /** What it would have on top, when there is plenty. */
  long ahead();

  /**
   * Takes the answer.
   *
   * @param answer null: none came; nothing is known of whether it was heard
   */
  void answered(ShareAnswer answer, long epochMillis);
}
