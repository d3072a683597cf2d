package io.flyball.engine.retry;

/** How often, and for how long, the same target is asked again. Nanoseconds. Immutable. */
public final class RetrySettings {
  private static final long SECOND = 1_000_000_000L;

  /** How long a client that does not repeat by itself is held, unless the user says otherwise. */
  public static final long OTHER_CLIENTS = 5 * SECOND;

  /** How long an SDK waits between its repetitions at most, all together. */
  public static final long SDKS = 60 * SECOND;

  /** Never again. */
  public static final RetrySettings NEVER = new RetrySettings(1, true, Long.MAX_VALUE, true, 0);

  private final int attempts;
  private final boolean attemptsSet;
  private final long time;
  private final boolean budgetSet;
  private final long timeBeforeNext;

  private RetrySettings(
      int attempts, boolean attemptsSet, long time, boolean budgetSet, long timeBeforeNext) {
    this.attempts = attempts;
    this.attemptsSet = attemptsSet;
    this.time = time;
    this.budgetSet = budgetSet;
    this.timeBeforeNext = timeBeforeNext;
  }

  /** The user asks for so many attempts, the first one included, as long as the call may take. */
  public static RetrySettings of(int attempts) {
    return new RetrySettings(attempts, true, Long.MAX_VALUE, true, Long.MAX_VALUE);
  }

  /**
   * What nobody configured: an SDK's own habits, and a little for clients that have none.
   *
   * @param attempts of a client that has no habit, the first one included
   */
  public static RetrySettings usual(int attempts) {
    return new RetrySettings(attempts, false, -1, false, Long.MAX_VALUE);
  }

  /** The same number for every client. */
  public RetrySettings withAttempts(int number) {
    return new RetrySettings(number, true, time, budgetSet, timeBeforeNext);
  }

  /**
   * The same time for every client, from the first attempt until the last one begins; for a client
   * that does not repeat by itself until its answer has begun.
   */
  public RetrySettings withTime(long nanos) {
    return new RetrySettings(attempts, attemptsSet, nanos, budgetSet, timeBeforeNext);
  }

  /** Where the budget of all calls also holds for what an SDK would repeat by itself. */
  public RetrySettings withBudget() {
    return new RetrySettings(attempts, attemptsSet, time, true, timeBeforeNext);
  }

  /** How long another target, where there is one, is not asked because of waits and repetitions. */
  public RetrySettings withTimeBeforeNext(long nanos) {
    return new RetrySettings(attempts, attemptsSet, time, budgetSet, nanos);
  }

  /** Whether no client is ever repeated for. */
  public boolean isNever() {
    return attemptsSet && attempts <= 1;
  }

  int attempts() {
    return attempts;
  }

  /** Whether {@link #attempts} holds for SDKs that have a number of their own, too. */
  boolean areAttemptsSet() {
    return attemptsSet;
  }

  /** -1 when it depends on the client. */
  long time() {
    return time;
  }

  boolean isBudgetSet() {
    return budgetSet;
  }

  long timeBeforeNext() {
    return timeBeforeNext;
  }
}
