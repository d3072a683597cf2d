package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AttachedSettingsTest {
  @TempDir Path there;

  /** Named from the folder of the running test, which is the caller's. */
  @TempDir Path here;

  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private AttachedSettings read(String arguments) {
    properties.put("user.dir", there.toString());
    return AttachedSettings.read(arguments, properties, environment);
  }

  private static Path file(Path folder, String name, String content) throws IOException {
    return Files.write(folder.resolve(name), content.getBytes(StandardCharsets.UTF_8));
  }

  private static Path relative(Path file) {
    return Paths.get("").toAbsolutePath().relativize(file.toAbsolutePath());
  }

  @Test
  void goodOnesAreHandedOverAsTheyAre() {
    AttachedSettings settings = read("console.port=0,attribution.tenant=mdc:a,call-site");

    assertThat(settings.ok()).isTrue();
    assertThat(settings.explain()).isEmpty();
    assertThat(settings.arguments()).isEqualTo("console.port=0,attribution.tenant=mdc:a,call-site");
    assertThat(read("").ok()).isTrue();
    assertThat(read("").arguments()).isEmpty();
  }

  @Test
  void whatWouldSwitchItOffThereIsTold() {
    properties.put("flyball.mode", "obsrve");
    environment.put("FLYBALL_RETRY_MAX_ATTEMPTS", "many");

    AttachedSettings settings = read("consol.port=0");

    assertThat(settings.ok()).isFalse();
    assertThat(settings.explain())
        .contains("error: agent argument consol.port: unknown property flyball.consol.port")
        .contains("error: -Dflyball.mode")
        .contains("error: FLYBALL_RETRY_MAX_ATTEMPTS");
  }

  @Test
  void aRelativeFileOfTheCallersIsNamedAbsolutely() throws IOException {
    Path config = file(here, "flyball.yaml", "mode: observe\n");
    Path prices = file(here, "prices.yaml", "version: 1\nproviders: []\n");

    AttachedSettings settings =
        read(
            "mode=govern,config.file="
                + relative(config)
                + ",flyball.prices.file="
                + relative(prices));

    assertThat(settings.explain()).isEmpty();
    assertThat(settings.arguments())
        .isEqualTo(
            "mode=govern,config.file="
                + relative(config).toAbsolutePath()
                + ",flyball.prices.file="
                + relative(prices).toAbsolutePath());
  }

  @Test
  void aFileThatIsNowhereIsAnErrorWithItsWholePath() {
    AttachedSettings settings = read("config.file=nofile.yaml");

    assertThat(settings.ok()).isFalse();
    assertThat(settings.explain())
        .isEqualTo(
            "error: "
                + Paths.get("nofile.yaml").toAbsolutePath()
                + ": does not exist (the file that agent argument config.file names)");
  }

  @Test
  void theConfigurationFileIsChecked() throws IOException {
    Path config = file(here, "flyball.yaml", "budgets: 5\n");

    AttachedSettings settings = read("config.file=" + config);

    assertThat(settings.ok()).isFalse();
    assertThat(settings.explain()).contains("flyball.yaml:1:1").contains("budgets");
  }

  @Test
  void filesThatTheJvmItselfNamesAreReadFromItsFolder() throws IOException {
    file(there, "flyball.yaml", "target.backup.url: https://h/v1\n");
    properties.put("flyball.config.file", "flyball.yaml");
    assertThat(read("fallback.chain=backup").explain()).isEmpty();

    properties.clear();
    environment.put("FLYBALL_CONFIG_FILE", "flyball.yaml");
    assertThat(read("fallback.chain=backup").explain()).isEmpty();

    environment.clear();
    assertThat(read("fallback.chain=backup").explain()).contains("flyball.target.backup.url");
  }

  @Test
  void referencesNeedNotYieldAnythingHere() {
    properties.put("user.dir", there.toString());
    AttachedSettings settings =
        AttachedSettings.read(
            "target.backup.url=https://h/v1,target.backup.api-key=${env:NOT_HERE},"
                + "console.token=${file:/run/secrets/none}",
            properties,
            null);

    assertThat(settings.ok()).isTrue();
    assertThat(settings.arguments()).contains("${env:NOT_HERE}");
    assertThat(read("console.token=${nev:X}").ok()).isFalse();
  }

  /** Values with a zero byte, and other nonsense, are told and never thrown. */
  @Test
  void aPathThatIsNoneIsTold() {
    assertThat(read("config.file=a\0b").explain()).contains("a path of this file system");
  }

  @Test
  void aVariableIsMissedOnlyWhereThoseOfTheJvmAreKnown() {
    String arguments = "target.b.url=http://h/v1,target.b.api-key=${env:NOBODY_SETS_THIS}";
    assertThat(read(arguments).explain()).contains("NOBODY_SETS_THIS").contains("is not set");
    environment.put("NOBODY_SETS_THIS", "k");
    assertThat(read(arguments).explain()).isEmpty();

    assertThat(AttachedSettings.read(arguments, properties, null).explain()).isEmpty();
  }
}
