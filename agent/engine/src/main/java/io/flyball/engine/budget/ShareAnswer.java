package io.flyball.engine.budget;

/** What a JVM has of an account from now on. In the units of {@link ShareRequest}. Immutable. */
public final class ShareAnswer {

  /** What became of what was asked for. */
  public enum Outcome {
    GRANTED,
    /** There is not enough at the moment. */
    DENIED,
    /** Nothing is granted yet: others have still to say what they have. */
    TOO_EARLY
  }

  private final Outcome outcome;
  private final long granted;
  private final long unleased;
  private final long used;
  private final long lost;

  /**
   * @param granted what the JVM has of the limit, what is spent included
   * @param unleased what nobody has
   * @param used what all JVMs have spent, as far as they have said
   * @param lost what JVMs have, and have not said to be spent, that are not alive
   */
  public ShareAnswer(Outcome outcome, long granted, long unleased, long used, long lost) {
    this.lost = lost;
    this.outcome = outcome;
    this.granted = granted;
    this.unleased = Math.max(0, unleased);
    this.used = used;
  }

  boolean isDenied() {
    return outcome == Outcome.DENIED;
  }

  boolean isDecided() {
    return outcome != Outcome.TOO_EARLY;
  }

  public Outcome outcome() {
    return outcome;
  }

  public long granted() {
    return granted;
  }

  public long unleased() {
    return unleased;
  }

  long lost() {
    return lost;
  }

  public long used() {
    return used;
  }
}
