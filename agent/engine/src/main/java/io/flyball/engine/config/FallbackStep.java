package io.flyball.engine.config;

import java.util.Objects;

/** One place in the order of a fallback. Immutable. */
public final class FallbackStep {

  /** What there is at the place. */
  public enum Kind {
    /** Another target. */
    TARGET,
    /** The last good answer. */
    CACHE,
    /** A fixed text. */
    STATIC
  }

  private final Kind kind;
  private final String argument;

  FallbackStep(Kind kind, String argument) {
    this.kind = kind;
    this.argument = argument;
  }

  public Kind kind() {
    return kind;
  }

  /** Of {@link Kind#TARGET}: the target's name. Null otherwise. */
  public String target() {
    return kind == Kind.TARGET ? argument : null;
  }

  /** Of {@link Kind#STATIC}: the text. Null otherwise. */
  public String text() {
    return kind == Kind.STATIC ? argument : null;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof FallbackStep
        && ((FallbackStep) other).kind == kind
        && Objects.equals(((FallbackStep) other).argument, argument);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, argument);
  }

  /** As it is written in the configuration. */
  @Override
  public String toString() {
    switch (kind) {
      case CACHE:
        return FallbackConfig.CACHE;
      case STATIC:
        return FallbackConfig.STATIC + argument;
      default:
        return argument;
    }
  }
}
