package io.flyball.engine.config;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Properties that belong together, in the order in which they are documented. Immutable. */
final class Section {
  private final String title;
  private final String introduction;
  private final List<Property<?>> properties;

  /**
   * @param introduction what the documentation says before the table; may be empty
   */
  Section(String title, String introduction, Property<?>... properties) {
    this.title = title;
    this.introduction = introduction;
    this.properties = Collections.unmodifiableList(Arrays.asList(properties.clone()));
  }

  String title() {
    return title;
  }

  String introduction() {
    return introduction;
  }

  List<Property<?>> properties() {
    return properties;
  }
}
