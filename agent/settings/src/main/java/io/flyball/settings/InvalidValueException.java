package io.flyball.settings;

/** A text is not a value of its type. The message says what it must be, and never repeats it. */
public final class InvalidValueException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean sensitive;

  private InvalidValueException(String mustBe, boolean sensitive) {
    super(mustBe, null, false, false);
    this.sensitive = sensitive;
  }

  /**
   * @param mustBe continues "but must be"
   */
  public static InvalidValueException mustBe(String mustBe) {
    return new InvalidValueException(mustBe, false);
  }

  /** The same for a text that may hold a credential, so that nobody quotes it. */
  public static InvalidValueException sensitiveMustBe(String mustBe) {
    return new InvalidValueException(mustBe, true);
  }

  public boolean sensitive() {
    return sensitive;
  }
}
