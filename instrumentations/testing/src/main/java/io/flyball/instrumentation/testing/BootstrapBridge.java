package io.flyball.instrumentation.testing;

import io.flyball.instrumentation.api.Hook;
import java.io.File;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import net.bytebuddy.agent.ByteBuddyAgent;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Puts the bridge on the bootstrap loader before any test class is looked at, so that woven classes
 * of the JDK and the tests see the same one. Does nothing when the real agent is attached.
 */
public final class BootstrapBridge implements LauncherSessionListener {
  private static final String FOLDER = "io/flyball/bootstrap";

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    // Not InProcessAgent.attached(): loading that class loads the bridge's types, too early.
    if (!Boolean.getBoolean(InProcessAgent.ATTACHED_PROPERTY)) {
      install();
    }
  }

  private static void install() {
    Instrumentation instrumentation = ByteBuddyAgent.install();
    try {
      Class.forName("io.flyball.bootstrap.Bridge", false, null);
    } catch (ClassNotFoundException notYet) {
      try {
        instrumentation.appendToBootstrapClassLoaderSearch(new JarFile(bridgeJar()));
      } catch (IOException | URISyntaxException e) {
        throw new IllegalStateException("the bridge cannot be put on the bootstrap loader", e);
      }
    }
  }

  private static File bridgeJar() throws IOException, URISyntaxException {
    URL bridge = Hook.class.getResource('/' + FOLDER + "/Bridge.class");
    if (bridge.getProtocol().equals("jar")) {
      return new File(((JarURLConnection) bridge.openConnection()).getJarFileURL().toURI());
    }
    File jar = File.createTempFile("flyball-bridge", ".jar");
    jar.deleteOnExit();
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar.toPath()));
        Stream<Path> classes = Files.list(Paths.get(bridge.toURI()).getParent())) {
      for (Path file : (Iterable<Path>) classes::iterator) {
        out.putNextEntry(new JarEntry(FOLDER + '/' + file.getFileName()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
    return jar;
  }
}
