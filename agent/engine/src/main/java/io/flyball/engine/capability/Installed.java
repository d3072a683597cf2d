package io.flyball.engine.capability;

import io.flyball.engine.telemetry.Instruments;
import io.flyball.settings.Settings;
import java.util.Collections;
import java.util.List;

/**
 * A {@link Capability} at work. It keeps what outlives a change of settings. Thread safe: settings
 * change, calls are made and its state is shown at the same time.
 */
public interface Installed {

  /**
   * From now on these settings hold. Called at the start and whenever they have changed.
   *
   * @return the stages for calls that begin from now on, each at its place; empty when they want
   *     nothing of it. Calls under way keep those that they began with
   */
  List<PlacedStage> apply(Settings settings);

  /** Shows what it has in its memory among the metrics; called once for each backend. */
  default void measure(Instruments instruments) {}

  /** What the console shows of it. */
  default List<View> views() {
    return Collections.emptyList();
  }
}
