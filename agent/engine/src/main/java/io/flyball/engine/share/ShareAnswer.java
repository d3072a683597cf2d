package io.flyball.engine.share;

/** What a JVM has of an amount from now on. In the units of {@link ShareRequest}. Immutable. */
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

  /** Whether there is not enough. */
  public boolean isDenied() {
    return outcome == Outcome.DENIED;
  }

  /** Whether more cannot be hoped for by asking again at once. */
  public boolean isDecided() {
    return outcome != Outcome.TOO_EARLY;
  }

  public Outcome outcome() {
    return outcome;
  }

  /** What the JVM has of the limit, what is used included. */
  public long granted() {
    return granted;
  }

  /** What nobody has; at least 0. */
  public long unleased() {
    return unleased;
  }

  /** What is not used by JVMs that are not alive, and so does not come back. */
  public long lost() {
    return lost;
  }

  /** What all use or have used, as far as they have said. */
  public long used() {
    return used;
  }
}
