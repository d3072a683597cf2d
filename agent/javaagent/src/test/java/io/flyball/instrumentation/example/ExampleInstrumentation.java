package io.flyball.instrumentation.example;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.Collections;
import java.util.List;

/** Hooks {@code example.Client}. */
public final class ExampleInstrumentation implements ClientInstrumentation {
  @Override
  public String name() {
    return "example";
  }

  @Override
  public List<Hook> hooks() {
    return Collections.singletonList(
        new Hook(
            "example.Client",
            "call",
            "io.flyball.instrumentation.example.ExampleAdvice",
            "java.lang.String"));
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.singletonList(Witness.method("example.Client", "call"));
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.example.ExamplePlugin";
  }
}
