package io.flyball.javaagent;

import io.flyball.bootstrap.Hooks;
import io.flyball.bootstrap.Outcome;
import io.flyball.engine.time.StackRoom;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Brings what woven code reports to the plugin that belongs to the class that reports it. A hook is
 * named {@code <instrumentation>:<what>}.
 */
final class HookRouter implements Hooks {
  private final Gateway gateway;
  private final Map<String, Plugins> plugins = new HashMap<>();

  HookRouter(
      Collection<ClientInstrumentation> instrumentations,
      Collection<ClientInstrumentation> following,
      Gateway gateway) {
    this.gateway = gateway;
    add(instrumentations);
    add(following);
  }

  private void add(Collection<ClientInstrumentation> instrumentations) {
    for (ClientInstrumentation instrumentation : instrumentations) {
      plugins.put(instrumentation.name(), new Plugins(instrumentation, gateway));
    }
  }

  @Override
  public Outcome enter(String hook, Object self, Object[] arguments) {
    LoadedPlugin plugin = null;
    try {
      plugin = pluginFor(hook, self, arguments);
      return plugin == null || !plugin.on() ? null : plugin.get().enter(hook, self, arguments);
    } catch (Throwable failure) {
      failed(hook, plugin, failure);
      return null;
    }
  }

  @Override
  public Outcome exit(String hook, Object self, Object[] arguments, Object result) {
    LoadedPlugin plugin = null;
    try {
      plugin = pluginFor(hook, self, arguments);
      return plugin == null || !plugin.on()
          ? null
          : plugin.get().exit(hook, self, arguments, result);
    } catch (Throwable failure) {
      failed(hook, plugin, failure);
      return null;
    }
  }

  /** That instrumentation's plugin for a class that it hooks; null when it cannot be made. */
  Plugin plugin(ClientInstrumentation instrumentation, Class<?> hooked) {
    return plugins.get(instrumentation.name()).forCall(hooked, null).get();
  }

  private LoadedPlugin pluginFor(String hook, Object self, Object[] arguments) {
    Plugins candidates = plugins.get(hook.substring(0, hook.indexOf(':')));
    return candidates == null ? null : candidates.forCall(self, arguments);
  }

  private void failed(String hook, LoadedPlugin plugin, Throwable failure) {
    try {
      // Where the stack was exhausted, that says nothing about the library.
      if (plugin != null && failure instanceof LinkageError && StackRoom.isEnough()) {
        plugin.switchOff();
      }
      gateway.internalError(hook, failure);
    } catch (Throwable nothingLeftToDo) {
      // Even the log fails (no memory, no stack): the application must not notice.
    }
  }
}
