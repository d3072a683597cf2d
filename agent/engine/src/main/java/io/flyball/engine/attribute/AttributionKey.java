package io.flyball.engine.attribute;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a call can be charged to, with the sources that are asked when the user names none. */
public enum AttributionKey {
  TENANT("tenant", "header:x-flyball-tenant", "mdc:tenant"),
  FEATURE("feature", "header:x-flyball-feature", "mdc:feature", "call-site"),
  USER("user", "header:x-flyball-user", "mdc:user"),
  LOCALE("locale", "mdc:locale"),
  PROMPT_VERSION("prompt-version", "header:x-flyball-prompt-version", "mdc:prompt-version");

  private final String key;
  private final String[] defaultSources;

  AttributionKey(String key, String... defaultSources) {
    this.key = key;
    this.defaultSources = defaultSources;
  }

  /** The last part of {@code flyball.attribution.<key>}. */
  public String key() {
    return key;
  }

  /** In the order they are asked. */
  public List<String> defaultSources() {
    return Collections.unmodifiableList(Arrays.asList(defaultSources));
  }

  /** The request header that is always asked first, or null. */
  String ownHeader() {
    return this == LOCALE ? null : "x-flyball-" + key;
  }
}
