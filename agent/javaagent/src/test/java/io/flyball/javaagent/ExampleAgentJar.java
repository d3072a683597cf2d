package io.flyball.javaagent;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;

/** The agent jar as built, with instrumentations for the library {@code example} added to it. */
final class ExampleAgentJar {
  private static final String SERVICE =
      "inst/META-INF/services/io.flyball.instrumentation.api.ClientInstrumentation";
  private static final String TYPES = "META-INF/flyball/hooked-types";
  private static final String PACKAGE = "io/flyball/instrumentation/example/";

  private ExampleAgentJar() {}

  static File built() {
    return new File(System.getProperty("flyball.agent.jar"));
  }

  static File in(Path folder) throws IOException {
    File extended = folder.resolve("flyball-agent-example.jar").toFile();
    try (JarFile agent = new JarFile(built());
        JarOutputStream out =
            new JarOutputStream(Files.newOutputStream(extended.toPath()), agent.getManifest())) {
      for (JarEntry entry : Collections.list(agent.entries())) {
        String name = entry.getName();
        if (entry.isDirectory() || name.equals("META-INF/MANIFEST.MF")) {
          continue;
        }
        byte[] content = read(agent.getInputStream(entry));
        if (name.equals(SERVICE)) {
          continue;
        }
        if (name.equals(TYPES)) {
          continue;
        }
        put(out, name, content);
      }
      put(out, TYPES, append(agent, TYPES, "example/Client\nexample/OldClient\n"));
      put(
          out,
          SERVICE,
          append(
              agent,
              SERVICE,
              "io.flyball.instrumentation.example.ExampleInstrumentation\n"
                  + "io.flyball.instrumentation.example.UnfitInstrumentation\n"));
      for (String type :
          new String[] {
            "ExampleInstrumentation", "UnfitInstrumentation", "ExampleAdvice", "ExamplePlugin"
          }) {
        String resource = PACKAGE + type + ".class";
        byte[] bytes = read(ExampleAgentJar.class.getClassLoader().getResourceAsStream(resource));
        put(out, "inst/" + resource + "data", bytes);
      }
    }
    return extended;
  }

  private static byte[] append(JarFile jar, String name, String lines) throws IOException {
    JarEntry entry = jar.getJarEntry(name);
    String before =
        entry == null ? "" : new String(read(jar.getInputStream(entry)), StandardCharsets.UTF_8);
    return (before + lines).getBytes(StandardCharsets.UTF_8);
  }

  private static void put(JarOutputStream out, String name, byte[] content) throws IOException {
    out.putNextEntry(new JarEntry(name));
    out.write(content);
    out.closeEntry();
  }

  static byte[] read(InputStream from) throws IOException {
    try (InputStream in = from) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      byte[] buffer = new byte[8192];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return bytes.toByteArray();
    }
  }
}
