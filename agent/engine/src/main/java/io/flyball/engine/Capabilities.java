package io.flyball.engine;

import io.flyball.engine.breaker.BreakerCapability;
import io.flyball.engine.capability.Capability;
import io.flyball.engine.capability.House;
import io.flyball.engine.capability.Installed;
import io.flyball.engine.capability.PlacedStage;
import io.flyball.engine.capability.View;
import io.flyball.engine.telemetry.Instruments;
import io.flyball.settings.Section;
import io.flyball.settings.Settings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The capabilities that there are, and those of a JVM at work. Thread safe. */
public final class Capabilities {
  /** In the order in which their settings are documented and their tables shown. */
  private static final List<Capability> ALL =
      Collections.unmodifiableList(Arrays.asList(new BreakerCapability()));

  private final List<Installed> installed = new ArrayList<>();

  private Capabilities(List<Capability> capabilities, House house) {
    for (Capability capability : capabilities) {
      installed.add(capability.install(house));
    }
  }

  /** The settings of all. */
  public static List<Section<?>> sections() {
    List<Section<?>> sections = new ArrayList<>();
    ALL.forEach(capability -> sections.add(capability.section()));
    return sections;
  }

  /** Lets all begin to work. */
  public static Capabilities install(House house) {
    return new Capabilities(ALL, house);
  }

  /** The same for those of somebody's choice. */
  public static Capabilities install(List<Capability> capabilities, House house) {
    return new Capabilities(capabilities, house);
  }

  /** From now on these settings hold; see {@link Installed#apply}. */
  public List<PlacedStage> apply(Settings settings) {
    List<PlacedStage> stages = new ArrayList<>();
    installed.forEach(each -> stages.addAll(each.apply(settings)));
    return stages;
  }

  /** See {@link Installed#measure}. */
  public void measure(Instruments instruments) {
    installed.forEach(each -> each.measure(instruments));
  }

  /** See {@link Installed#views}. */
  public List<View> views() {
    List<View> views = new ArrayList<>();
    installed.forEach(each -> views.addAll(each.views()));
    return views;
  }
}
