package io.flyball.engine.config;

import io.flyball.settings.Property;
import io.flyball.settings.Section;
import io.flyball.settings.ValueType;
import io.flyball.settings.Values;

/** {@code flyball.bypass.*}: whether an application may keep policies off a call. */
public final class BypassConfig {
  static final Property<Boolean> ALLOWED =
      Property.of(
              "bypass.allowed",
              ValueType.bool(),
              "Whether `x-flyball-bypass: true` on a request keeps every policy off that call. It is"
                  + " still counted, and budgets are charged with it, but none refuses it. `false`:"
                  + " the header does nothing, which is told once.")
          .defaultsTo("true")
          .example("false");
  public static final Section<BypassConfig> SECTION =
      Section.of("Bypass", "", BypassConfig::new, ALLOWED);

  private final boolean allowed;

  BypassConfig(Values values) {
    this.allowed = values.get(ALLOWED);
  }

  public boolean allowed() {
    return allowed;
  }
}
