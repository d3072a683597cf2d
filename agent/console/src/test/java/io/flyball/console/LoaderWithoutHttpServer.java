package io.flyball.console;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** A runtime that lacks the module jdk.httpserver, as the console's classes see it. */
final class LoaderWithoutHttpServer extends ClassLoader {
  private final ClassLoader classes;

  LoaderWithoutHttpServer(ClassLoader classes) {
    super(classes);
    this.classes = classes;
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (name.startsWith("com.sun.net.httpserver.")) {
      throw new ClassNotFoundException(name);
    }
    if (!name.startsWith("io.flyball.console.")) {
      return super.loadClass(name, resolve);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      byte[] bytes = read(name.replace('.', '/') + ".class");
      return defineClass(name, bytes, 0, bytes.length);
    }
  }

  private byte[] read(String resource) throws ClassNotFoundException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = classes.getResourceAsStream(resource)) {
      byte[] buffer = new byte[8_192];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    } catch (IOException e) {
      throw new ClassNotFoundException(resource, e);
    }
    return out.toByteArray();
  }
}
