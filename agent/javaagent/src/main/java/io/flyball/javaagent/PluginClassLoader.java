package io.flyball.javaagent;

import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.api.Plugin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Enumeration;

/**
 * Defines an instrumentation's plugin next to one copy of the library it speaks to: the plugin's
 * package and those below from the agent's bytes, other {@code io.flyball} classes from the agent's
 * loader, all the rest from the application's. Whatever refers to it is reached only from objects
 * of that application.
 */
final class PluginClassLoader extends ClassLoader {
  static {
    registerAsParallelCapable();
  }

  private final ClassLoader agentLoader;
  private final String pluginPackage;
  private final ProtectionDomain protectionDomain;

  /**
   * @param agentLoader where the plugin's bytes and the engine are
   * @param applicationLoader where the library is
   */
  PluginClassLoader(
      ClassLoader agentLoader,
      ClassLoader applicationLoader,
      ClientInstrumentation instrumentation) {
    super(applicationLoader);
    this.agentLoader = agentLoader;
    String className = instrumentation.pluginClassName();
    this.pluginPackage = className.substring(0, className.lastIndexOf('.') + 1);
    this.protectionDomain =
        new ProtectionDomain(
            instrumentation.getClass().getProtectionDomain().getCodeSource(), null, this, null);
  }

  Plugin newPlugin(ClientInstrumentation instrumentation, io.flyball.wire.Gateway gateway)
      throws ReflectiveOperationException {
    return (Plugin)
        loadClass(instrumentation.pluginClassName())
            .getConstructor(io.flyball.wire.Gateway.class)
            .newInstance(gateway);
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (!name.startsWith("io.flyball.")) {
      return super.loadClass(name, resolve);
    }
    if (!name.startsWith(pluginPackage)) {
      return agentLoader.loadClass(name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      return loaded != null ? loaded : define(name);
    }
  }

  private Class<?> define(String name) throws ClassNotFoundException {
    try (InputStream in = agentLoader.getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new ClassNotFoundException(name);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return defineClass(name, bytes.toByteArray(), 0, bytes.size(), protectionDomain);
    } catch (IOException e) {
      throw new ClassNotFoundException(name, e);
    }
  }

  /** A plugin has no resources of its own, and the application's are not its business. */
  @Override
  public URL getResource(String name) {
    return null;
  }

  @Override
  public Enumeration<URL> getResources(String name) {
    return Collections.emptyEnumeration();
  }
}
