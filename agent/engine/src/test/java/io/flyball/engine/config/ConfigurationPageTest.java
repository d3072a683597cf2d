package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Property;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationPageTest {
  private static final Path PAGE = Paths.get("../../docs/configuration.md");

  /**
   * With {@code -Dflyball.docs.write=true} (that is what ./flyball docs does) it writes the page.
   */
  @Test
  void thePageSaysWhatTheClassesSay() throws IOException {
    String text = ConfigurationPage.text();
    if (Boolean.getBoolean("flyball.docs.write")) {
      Files.createDirectories(PAGE.getParent());
      Files.write(PAGE, text.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(PAGE).as("write it with ./flyball docs").exists();
    assertThat(new String(Files.readAllBytes(PAGE), StandardCharsets.UTF_8))
        .as("docs/configuration.md is not what the configuration classes say: run ./flyball docs")
        .isEqualTo(text);
  }

  @Test
  void theYamlFormOfEveryPropertyCanBeUsed(@TempDir Path dir) throws Exception {
    Path secret = Files.write(dir.resolve("secret"), "t0ken".getBytes(StandardCharsets.UTF_8));
    for (Property<?> property : Sections.SCHEMA.properties()) {
      if (property == ConfigLoader.FILE) {
        continue;
      }
      String yaml =
          ConfigurationPage.yaml(property)
              .replace("<name>", "mine")
              .replace("<header>", "x-mine")
              .replace("/run/secrets/flyball-token", secret.toString())
              .replace("/run/secrets/redis-password", secret.toString());
      String needed = property.pathNeededBy(Collections.singletonList("mine"));
      if (needed != null) {
        yaml += "\n" + needed + ": " + valueOf(needed);
      }
      for (String path : property.pathsNamedBy(property.type().parse(property.example()))) {
        yaml += "\n" + path + ": http://localhost";
      }
      Path file = Files.write(dir.resolve("f.yaml"), yaml.getBytes(StandardCharsets.UTF_8));

      // The price file of the example need not be here.
      boolean offline = property == PricesConfig.FILE;
      LoadedConfig loaded =
          ConfigLoader.loadFile(
              Sections.SCHEMA, file, Collections.singletonMap("BACKUP_API_KEY", "k"), offline);

      assertThat(loaded.errors()).as(yaml).isEmpty();
      assertThat(loaded.config().describe())
          .as(yaml)
          .anySatisfy(
              setting -> {
                assertThat(setting.property())
                    .isEqualTo(
                        Property.fullName(
                            property
                                .path()
                                .replace("<name>", "mine")
                                .replace("<header>", "x-mine")));
                assertThat(setting.source()).startsWith(file.toString());
              });
    }
  }

  private static String valueOf(String path) {
    return path.startsWith("budget.")
        ? "1 USD"
        : path.startsWith("redis.") ? "redis://localhost" : "http://localhost";
  }

  @Test
  void noTwoPropertiesShareAnEnvironmentVariable() {
    Set<String> variables = new HashSet<>();
    for (Property<?> property : Sections.SCHEMA.properties()) {
      assertThat(variables.add(Property.environmentName(property.path())))
          .as(property.path())
          .isTrue();
    }
  }
}
