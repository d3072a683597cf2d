package io.flyball.engine.config;

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
  static final Section SECTION = new Section("Bypass", "", ALLOWED);

  private final boolean allowed;

  BypassConfig(Values values) {
    this.allowed = values.get(ALLOWED);
  }

  public boolean allowed() {
    return allowed;
  }
}
