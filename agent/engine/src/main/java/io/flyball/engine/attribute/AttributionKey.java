package io.flyball.engine.attribute;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** What a call can be charged to, with the sources that are asked when the user names none. */
public enum AttributionKey {
  TENANT(
      "tenant",
      "header:x-flyball-tenant",
      "mdc:tenant",
      "baggage:tenant",
      "field:metadata.tenant",
      "inbound-header:x-tenant-id"),
  FEATURE(
      "feature",
      "header:x-flyball-feature",
      "mdc:feature",
      "baggage:feature",
      "field:metadata.feature",
      "ai-service",
      "spring-ai",
      "call-site"),
  USER(
      "user",
      "header:x-flyball-user",
      "mdc:user",
      "baggage:user.id",
      "field:safety_identifier",
      "field:user",
      "field:metadata.user_id",
      "principal"),
  LOCALE("locale", "mdc:locale", "baggage:locale"),
  PROMPT_VERSION(
      "prompt-version",
      "header:x-flyball-prompt-version",
      "mdc:prompt-version",
      "field:metadata.prompt_version",
      "field:prompt.version");

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
