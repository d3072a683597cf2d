package io.flyball.javaagent;

import io.flyball.engine.time.Aside;
import io.flyball.engine.time.StackRoom;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Hook;
import io.flyball.instrumentation.api.Plugin;
import io.flyball.wire.Gateway;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * The plugins of one instrumentation: one per loader that the library was found in.
 *
 * <p>Each hangs on the library's own class (a {@link ClassValue}), so it lives exactly as long as
 * the application's loader does and nothing of ours keeps that loader.
 */
final class Plugins {
  private static final long LONGEST_WAIT_SECONDS = 5;

  private final ClientInstrumentation instrumentation;
  private final Gateway gateway;
  private final Set<String> hookedTypes = new HashSet<>();

  /** By any class that reports a hook, subclasses and nested classes of a hooked type included. */
  private final ClassValue<LoadedPlugin> byReporter =
      new ClassValue<LoadedPlugin>() {
        @Override
        protected LoadedPlugin computeValue(Class<?> reporter) {
          return byAnchor.get(anchorOf(declaringType(reporter)));
        }
      };

  /** By the one class that stands for a whole loader. */
  private final ClassValue<LoadedPlugin> byAnchor =
      new ClassValue<LoadedPlugin>() {
        @Override
        protected LoadedPlugin computeValue(Class<?> anchor) {
          return loadWhereThereIsRoom(anchor);
        }
      };

  Plugins(ClientInstrumentation instrumentation, Gateway gateway) {
    this.instrumentation = instrumentation;
    this.gateway = Privileges.of(gateway);
    for (Hook hook : instrumentation.hooks()) {
      hookedTypes.add(hook.type());
    }
  }

  /**
   * The plugin for the class that {@code self} belongs to; where there is no instance yet (static
   * methods, constructors) the first argument tells.
   *
   * @return null when there is nothing to tell it by
   */
  LoadedPlugin forCall(Object self, Object[] arguments) {
    Object witness = self;
    for (int i = 0; witness == null && arguments != null && i < arguments.length; i++) {
      witness = arguments[i];
    }
    if (witness == null) {
      return null;
    }
    Class<?> reporter = witness instanceof Class ? (Class<?>) witness : witness.getClass();
    return Privileges.areNeeded()
        ? AccessController.doPrivileged(
            (PrivilegedAction<LoadedPlugin>) () -> byReporter.get(reporter))
        : byReporter.get(reporter);
  }

  /** The class of the library: an application may have subclassed it in a loader of its own. */
  private Class<?> declaringType(Class<?> reporter) {
    for (Class<?> type = reporter; type != null; type = type.getSuperclass()) {
      String name = type.getName();
      int nested = name.indexOf('$');
      if (hookedTypes.contains(name)
          || nested >= 0 && hookedTypes.contains(name.substring(0, nested))) {
        return type;
      }
    }
    return reporter;
  }

  /** The same class for all hooked types of a loader, so that they share a plugin. */
  private Class<?> anchorOf(Class<?> type) {
    if (!instrumentation.governs()) {
      // Its other types may be there unused: loading them would say that they are used.
      return type;
    }
    for (Hook hook : instrumentation.hooks()) {
      try {
        Class<?> anchor = Class.forName(hook.type(), false, type.getClassLoader());
        if (anchor.getClassLoader() == type.getClassLoader()) {
          return anchor;
        }
      } catch (ClassNotFoundException | LinkageError notInThisVersion) {
        // The next one may be.
      }
    }
    return type;
  }

  /** What is first used on a stack that is nearly exhausted can never be used again. */
  private LoadedPlugin loadWhereThereIsRoom(Class<?> anchor) {
    return StackRoom.isEnough()
        ? load(anchor.getClassLoader())
        : Aside.call(() -> load(anchor.getClassLoader()), LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
  }

  private LoadedPlugin load(ClassLoader library) {
    try {
      return new LoadedPlugin(newPlugin(library));
    } catch (Throwable failure) {
      gateway.internalError(instrumentation.name(), failure);
      return new LoadedPlugin(null);
    }
  }

  private Plugin newPlugin(ClassLoader library) throws ReflectiveOperationException {
    ClassLoader own = getClass().getClassLoader();
    if (isPartOfTheJdk(library, own)) {
      return (Plugin)
          Class.forName(instrumentation.pluginClassName(), true, own)
              .getConstructor(Gateway.class)
              .newInstance(gateway);
    }
    return new PluginClassLoader(own, library, instrumentation).newPlugin(instrumentation, gateway);
  }

  /** The agent's loader has the platform loader for a parent: it sees these classes itself. */
  private static boolean isPartOfTheJdk(ClassLoader library, ClassLoader own) {
    return library == null || library == own.getParent();
  }
}
