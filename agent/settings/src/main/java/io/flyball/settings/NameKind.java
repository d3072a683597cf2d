package io.flyball.settings;

import java.util.Locale;
import java.util.regex.Pattern;

/** What users may choose themselves in the path of a property. */
public enum NameKind {
  /** The name of a thing of theirs. */
  NAME(
      "<name>",
      "[a-z0-9][a-z0-9-]*",
      "a name must be made of lower case letters, digits and dashes"),
  /**
   * The name of an HTTP header, in any case; those that belong to the connection are the client's.
   */
  HEADER(
      "<header>",
      "(?!(?:host|connection|content-length|expect|keep-alive|te|trailer|transfer-encoding|upgrade)$)"
          + "[a-z0-9][a-z0-9_-]*",
      "a header's name must be made of letters, digits and dashes, and the header not be one of the"
          + " connection's own");

  private final String placeholder;
  private final Pattern pattern;
  private final String rule;

  NameKind(String placeholder, String pattern, String rule) {
    this.placeholder = placeholder;
    this.pattern = Pattern.compile(pattern);
    this.rule = rule;
  }

  /** The kind whose place that part of a path is; null when it stands for itself. */
  public static NameKind of(String part) {
    for (NameKind kind : values()) {
      if (kind.placeholder.equals(part)) {
        return kind;
      }
    }
    return null;
  }

  /** The name as it is kept. */
  public String normal(String name) {
    return this == HEADER ? name.toLowerCase(Locale.ROOT) : name;
  }

  /** Whether a normal name may be used; environment variables could not say others. */
  public boolean allows(String name) {
    return pattern.matcher(name).matches();
  }

  /** What a name must be. */
  public String rule() {
    return rule;
  }
}
