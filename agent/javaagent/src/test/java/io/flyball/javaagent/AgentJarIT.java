package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/** What stands in the jar, and what must not. */
class AgentJarIT {
  private static final int JAVA_8 = 52;
  private static final int JAVA_11 = 55;

  private static List<String> names(JarFile jar) {
    List<String> names = new ArrayList<>();
    for (JarEntry entry : Collections.list(jar.entries())) {
      if (!entry.isDirectory()) {
        names.add(entry.getName());
      }
    }
    return names;
  }

  @Test
  void rootHoldsOnlyWhatTheJvmAndTheHostAgentMustFind() throws IOException {
    try (JarFile jar = new JarFile(ExampleAgentJar.built())) {
      assertThat(names(jar))
          .filteredOn(name -> !name.startsWith("inst/"))
          .allMatch(
              name ->
                  name.matches("io/flyball/(bootstrap|agent|agent/otel)/[A-Za-z$0-9]+\\.class")
                      || name.matches("META-INF/services/io\\.opentelemetry\\.[A-Za-z.]+")
                      || name.matches("META-INF/licenses/.+")
                      || name.matches("META-INF/(MANIFEST\\.MF|LICENSE|NOTICE)")
                      || name.equals("META-INF/flyball/hooked-types"));
      assertThat(names(jar))
          .filteredOn(name -> name.startsWith("inst/"))
          .noneMatch(name -> name.endsWith(".class"))
          .contains("inst/io/flyball/javaagent/Agent.classdata")
          .noneMatch(name -> name.startsWith("inst/io/flyball/agent/"))
          .noneMatch(name -> name.startsWith("inst/io/flyball/bootstrap/"))
          .noneMatch(name -> name.startsWith("inst/org/junit/"));
    }
  }

  @Test
  void hostAgentFindsNoProvidersButOurOwnDoor() throws IOException {
    try (JarFile jar = new JarFile(ExampleAgentJar.built())) {
      List<String> providers = new ArrayList<>();
      for (String name : names(jar)) {
        if (name.startsWith("META-INF/services/")) {
          try (BufferedReader lines =
              new BufferedReader(
                  new InputStreamReader(
                      jar.getInputStream(jar.getEntry(name)), StandardCharsets.UTF_8))) {
            lines.lines().forEach(providers::add);
          }
        }
      }
      assertThat(providers)
          .containsExactlyInAnyOrder(
              "io.flyball.agent.otel.FlyballDefaults",
              "io.flyball.agent.otel.FlyballExtension",
              "io.flyball.agent.otel.FlyballIgnoredTypes");
      assertThat(names(jar))
          .contains("inst/META-INF/services/io.flyball.instrumentation.api.ClientInstrumentation");
    }
  }

  @Test
  void everyClassRunsOnJava8ButThoseOfTheJavaHttpClient() throws IOException {
    try (JarFile jar = new JarFile(ExampleAgentJar.built())) {
      for (String name : names(jar)) {
        if (!name.matches(".*\\.class(data)?") || name.startsWith("inst/META-INF/versions/")) {
          continue;
        }
        try (DataInputStream in = new DataInputStream(jar.getInputStream(jar.getEntry(name)))) {
          assertThat(in.readInt()).as(name).isEqualTo(0xCAFEBABE);
          in.readUnsignedShort();
          boolean javaHttpClient =
              name.startsWith("inst/io/flyball/instrumentation/javahttpclient/");
          assertThat(in.readUnsignedShort())
              .as(name)
              .isLessThanOrEqualTo(javaHttpClient ? JAVA_11 : JAVA_8);
        }
      }
    }
  }

  @Test
  void manifestNamesTheDoors() throws IOException {
    try (JarFile jar = new JarFile(ExampleAgentJar.built())) {
      Attributes manifest = jar.getManifest().getMainAttributes();
      assertThat(manifest.getValue("Premain-Class")).isEqualTo("io.flyball.agent.Premain");
      assertThat(manifest.getValue("Agent-Class")).isEqualTo("io.flyball.agent.Premain");
      assertThat(manifest.getValue("Main-Class")).isEqualTo("io.flyball.agent.Main");
      assertThat(manifest.getValue("Can-Retransform-Classes")).isEqualTo("true");
      assertThat(manifest.getValue("Implementation-Version")).isNotBlank();
    }
  }
}
