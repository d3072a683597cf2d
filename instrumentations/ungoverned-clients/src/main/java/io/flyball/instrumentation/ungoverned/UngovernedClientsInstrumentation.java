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
  /** No method has that name: the class alone tells. */
  private static final String NO_METHOD = "";

  @Override
  public String name() {
    return "ungoverned-clients";
  }

  @Override
  public List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>();
    for (String[] method : KnownClients.methods()) {
      hooks.add(Hook.showing(method[0], method[1]));
    }
    for (String type : KnownClients.types()) {
      hooks.add(Hook.showing(type, NO_METHOD));
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
