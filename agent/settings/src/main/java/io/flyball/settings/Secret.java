package io.flyball.settings;

import java.util.Objects;

/** A value that is shown to nobody: {@link #toString()} masks it. Immutable. */
public final class Secret {
  static final String MASK = "****";

  private final String value;

  /**
   * @param value never null
   */
  public Secret(String value) {
    this.value = Objects.requireNonNull(value, "value");
  }

  /** The value itself, to be handed to the one who needs it and never to be printed. */
  public String reveal() {
    return value;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secret && ((Secret) other).value.equals(value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }

  @Override
  public String toString() {
    return MASK;
  }
}
