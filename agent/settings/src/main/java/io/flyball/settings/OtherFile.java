package io.flyball.settings;

import java.util.Objects;

/**
 * A YAML file that a setting names and that is no configuration: who gives it as one is told so.
 * Immutable.
 */
public final class OtherFile {
  private final String what;
  private final String list;
  private final Property<?> naming;

  /**
   * @param what it is, such as {@code a price file}
   * @param list the key at its root that has a list, as no setting has one
   * @param naming the property that names it
   */
  public OtherFile(String what, String list, Property<?> naming) {
    this.what = Objects.requireNonNull(what, "what");
    this.list = Objects.requireNonNull(list, "list");
    this.naming = Objects.requireNonNull(naming, "naming");
  }

  boolean hasAtItsRoot(String key) {
    return list.equals(key);
  }

  String message() {
    return "this looks like " + what + ", not a configuration: " + naming + " names it";
  }
}
