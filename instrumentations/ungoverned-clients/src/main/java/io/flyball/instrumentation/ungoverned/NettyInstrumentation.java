package io.flyball.instrumentation.ungoverned;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Witness;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Where all clients that stand on Netty connect, whatever its transport. Netty also is under much
 * that is no HTTP client: that it is there is nothing to tell, only what it connects to may be.
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
  public List<Hook> hooks() {
    List<Hook> hooks = new ArrayList<>();
    for (String pipeline : PIPELINES) {
      hooks.add(Hook.showing(pipeline, "connect"));
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
