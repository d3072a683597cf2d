package io.flyball.javaagent;

import io.flyball.instrumentation.api.Plugin;

/** A plugin in one loader, until it turns out not to fit the library found there. */
final class LoadedPlugin {
  private volatile Plugin plugin;

  /**
   * @param plugin null when it could not be made: off from the start
   */
  LoadedPlugin(Plugin plugin) {
    this.plugin = plugin;
  }

  boolean on() {
    return plugin != null;
  }

  Plugin get() {
    return plugin;
  }

  void switchOff() {
    plugin = null;
  }
}
