package io.flyball.instrumentation.logging;

import io.flyball.bootstrap.Outcome;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.util.ArrayList;
import java.util.Map;

/** Tells which values the application sets. */
public final class LoggingContextPlugin implements Plugin {
  private final Gateway gateway;

  public LoggingContextPlugin(Gateway gateway) {
    this.gateway = gateway;
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    if (arguments[0] instanceof String) {
      gateway.logged((String) arguments[0]);
    } else if (arguments[0] instanceof Map) {
      for (Object key : new ArrayList<Object>(((Map<?, ?>) arguments[0]).keySet())) {
        if (key instanceof String) {
          gateway.logged((String) key);
        }
      }
    }
    return null;
  }
}
