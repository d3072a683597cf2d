package io.flyball.agent;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;

/** The file this class came from. */
final class AgentJar {
  private static final String HOOKED_TYPES = "META-INF/flyball/hooked-types";

  private static final String ROOT_PACKAGE = "io/flyball/agent/";
  private static final String BOOTSTRAP_PACKAGE = "io/flyball/bootstrap/";

  private final File file;

  private AgentJar(File file) {
    this.file = file;
  }

  /**
   * @throws IllegalStateException when this class was not loaded from a jar file
   */
  static AgentJar own() {
    CodeSource source = AgentJar.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      throw new IllegalStateException("the agent's classes were not loaded from its jar");
    }
    File file = new File(URI.create(source.getLocation().toString()));
    if (!file.isFile()) {
      throw new IllegalStateException("not a jar file: " + file);
    }
    return new AgentJar(file);
  }

  static AgentJar of(File file) {
    return new AgentJar(file);
  }

  static boolean isAgentJar(File file) throws IOException {
    try (JarFile jar = new JarFile(file, false)) {
      return jar.getJarEntry(HOOKED_TYPES) != null;
    }
  }

  File file() {
    return file;
  }

  /** The version that its manifest states. */
  String version() throws IOException {
    try (JarFile jar = new JarFile(file, false)) {
      return jar.getManifest().getMainAttributes().getValue("Implementation-Version");
    }
  }

  /**
   * Internal names ({@code a/b/C}) of the classes that some instrumentation hooks, and whether they
   * only tell of a client that is not governed.
   */
  Map<String, HookedType> hookedTypes() throws IOException {
    try (JarFile jar = new JarFile(file, false)) {
      Map<String, HookedType> types = new HashMap<>();
      BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  jar.getInputStream(jar.getJarEntry(HOOKED_TYPES)), StandardCharsets.UTF_8));
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (!line.isEmpty()) {
          HookedType type = HookedType.ofLine(line);
          types.put(type.typeIn(line), type);
        }
      }
      return types;
    }
  }

  /**
   * Binary names of the classes in this package, those of the OpenTelemetry door left out: that
   * door loads its own.
   */
  List<String> rootClasses() throws IOException {
    List<String> names = new ArrayList<>();
    for (String entry : classEntries(ROOT_PACKAGE)) {
      if (entry.indexOf('/', ROOT_PACKAGE.length()) < 0) {
        names.add(entry.substring(0, entry.length() - ".class".length()).replace('/', '.'));
      }
    }
    return names;
  }

  /** Entry names of the bridge's classes. */
  List<String> bootstrapEntries() throws IOException {
    return classEntries(BOOTSTRAP_PACKAGE);
  }

  private List<String> classEntries(String folder) throws IOException {
    List<String> entries = new ArrayList<>();
    try (JarFile jar = new JarFile(file, false)) {
      for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
        String name = all.nextElement().getName();
        if (name.startsWith(folder) && name.endsWith(".class")) {
          entries.add(name);
        }
      }
    }
    return entries;
  }

  byte[] read(String entryName) throws IOException {
    try (JarFile jar = new JarFile(file, false);
        InputStream in = jar.getInputStream(jar.getJarEntry(entryName))) {
      return AgentClassLoader.readAll(in);
    }
  }
}
