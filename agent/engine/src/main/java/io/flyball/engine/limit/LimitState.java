package io.flyball.engine.limit;

import java.util.Map;
import java.util.OptionalLong;

/** How one value of a scope stood at one moment, for showing. Immutable. */
public final class LimitState {
  private final LimitScope scope;
  private final String value;
  private final Limits limits;
  private final long underWay;
  private final long requests;
  private final long tokens;
  private final int waiting;
  private final Map<LimitKind, Long> leased;

  LimitState(
      LimitScope scope,
      String value,
      Limits limits,
      long underWay,
      long requests,
      long tokens,
      int waiting,
      Map<LimitKind, Long> leased) {
    this.scope = scope;
    this.value = value;
    this.limits = limits;
    this.underWay = underWay;
    this.requests = requests;
    this.tokens = tokens;
    this.waiting = waiting;
    this.leased = leased;
  }

  public LimitScope scope() {
    return scope;
  }

  /** The target, tenant and so on; empty for all calls together. */
  public String value() {
    return value;
  }

  public Limits limits() {
    return limits;
  }

  /** Calls. */
  public long underWay() {
    return underWay;
  }

  /** Within the last minute; 0 when they are not limited. */
  public long requests() {
    return requests;
  }

  /** Within the last minute, with what is still owed; 0 when they are not limited. */
  public long tokens() {
    return tokens;
  }

  /** Calls that wait for this, perhaps among other things. */
  public int waiting() {
    return waiting;
  }

  /**
   * What this JVM has of a limit that a fleet has together, what is used included; empty where it
   * is this JVM's alone.
   */
  public OptionalLong leased(LimitKind kind) {
    Long amount = leased.get(kind);
    return amount == null ? OptionalLong.empty() : OptionalLong.of(amount);
  }

  @Override
  public String toString() {
    return scope + " " + underWay + " under way, " + waiting + " waiting, " + limits;
  }
}
