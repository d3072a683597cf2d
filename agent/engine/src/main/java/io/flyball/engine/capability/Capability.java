package io.flyball.engine.capability;

import io.flyball.settings.Section;

/**
 * One thing that Flyball can do for calls, and everything that belongs to it. Nobody else knows its
 * classes: it stands in one list, and what it brings is asked for through this.
 */
public interface Capability {

  /**
   * Its settings. They are documented, checked, shown and read again as all others. Always the same
   * object.
   */
  Section<?> section();

  /**
   * Begins to work in this JVM. Called once for a JVM that governs calls; whoever tries something
   * out may ask for more, which share nothing.
   *
   * @param house what it works with
   */
  Installed install(House house);
}
