package io.flyball.instrumentation.ungoverned;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/**
 * Where all clients that stand on Netty connect, whatever its transport. Netty also is under much
 * that is no HTTP client: so it is left alone until a client that is has been loaded.
 */
public final class NettyInstrumentation implements ClientInstrumentation {
  private static final String[] PIPELINES = {
    "io.netty.channel.DefaultChannelPipeline",
    "io.grpc.netty.shaded.io.netty.channel.DefaultChannelPipeline"
  };

  @Override
  public String name() {
    return "netty-4";
  }

  @Override
  public Set<String> follows() {
    return Collections.singleton(UngovernedClientsInstrumentation.NAME);
  }

  @Override
  public List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>();
    for (String pipeline : PIPELINES) {
      hooks.add(
          new Hook(pipeline, "connect", NettyConnectAdvice.class.getName())
              .withAnyParameters()
              .whereItExists());
    }
    return hooks;
  }

  @Override
  public List<Witness> witnesses() {
    return Collections.emptyList();
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
