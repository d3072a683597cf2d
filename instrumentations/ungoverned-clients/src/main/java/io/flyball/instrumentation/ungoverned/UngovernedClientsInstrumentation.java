package io.flyball.instrumentation.ungoverned;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * HTTP clients that are known and not governed: that they are there, and which hosts they connect
 * to, is told. Nothing about their calls is changed or slowed down.
 */
public final class UngovernedClientsInstrumentation implements ClientInstrumentation {
  /** A constant, so that what follows it does not load the table. */
  static final String NAME = "ungoverned-clients";

  /** No method has that name: the class alone tells. */
  private static final String NO_METHOD = "";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>();
    for (String[] method : KnownClients.methods()) {
      String advice =
          method[1].equals("<init>") ? MadeAdvice.class.getName() : OpenAdvice.class.getName();
      hooks.add(new Hook(method[0], method[1], advice).withAnyParameters().whereItExists());
    }
    for (String type : KnownClients.types()) {
      hooks.add(new Hook(type, NO_METHOD, OpenAdvice.class.getName()).whereItExists());
    }
    return hooks;
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.emptyList();
  }

  @Override
  public String clientOf(String hookedType) {
    return KnownClients.name(hookedType);
  }

  @Override
  public boolean governs() {
    return false;
  }

  @Override
  public String pluginClassName() {
    return "io.flyball.instrumentation.ungoverned.ConnectionsPlugin";
  }
}
