package io.flyball.settings;

/**
 * What a {@link Rule} made of settings, kept with them: the content of a file that one names, for
 * example. It belongs to the start; reading the configuration again does not change it.
 *
 * @param <T> what it is; immutable
 */
public final class Extra<T> {
  private final String name;

  private Extra(String name) {
    this.name = name;
  }

  /**
   * A key of its own, equal to no other.
   *
   * @param name for who debugs
   */
  public static <T> Extra<T> named(String name) {
    return new Extra<>(name);
  }

  @Override
  public String toString() {
    return name;
  }
}
