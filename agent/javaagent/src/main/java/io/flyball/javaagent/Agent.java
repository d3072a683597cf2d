package io.flyball.javaagent;

import io.flyball.bootstrap.Bridge;
import io.flyball.engine.wire.Gateway;
import io.flyball.engine.wire.GovernedCall;
import io.flyball.engine.wire.WireRequest;
import io.flyball.instrumentation.api.ClientInstrumentation;
import java.lang.instrument.ClassFileTransformer;
import java.util.List;
import java.util.Map;

/** The agent inside its own loader: configuration, engine, hooks. */
public final class Agent {
  private Agent() {}

  /** Reads the configuration; null when it is bad, which has then been told. */
  public static Agent configure(Map<String, String> settings) {
    return new Agent();
  }

  /**
   * Starts the engine and connects the bridge.
   *
   * @param hostTelemetry the {@code OpenTelemetry} of the agent we are an extension of, or null
   * @return what weaves the classes that our instrumentations hook
   */
  public ClassFileTransformer start(Object hostTelemetry) {
    ClassLoader own = Agent.class.getClassLoader();
    List<ClientInstrumentation> instrumentations = Instrumentations.in(own);
    Gateway gateway = new Pending();
    Bridge.connect(new HookRouter(instrumentations, gateway));
    return new Weaver(instrumentations, own, System.err::println);
  }

  private static final class Pending implements Gateway {
    @Override
    public boolean mayGovern(String method, String path) {
      return false;
    }

    @Override
    public int maxRequestBytes() {
      return 0;
    }

    @Override
    public GovernedCall open(WireRequest request) {
      return null;
    }

    @Override
    public void internalError(String place, Throwable failure) {
      System.err.println("flyball: " + place + ": " + failure);
    }
  }
}
