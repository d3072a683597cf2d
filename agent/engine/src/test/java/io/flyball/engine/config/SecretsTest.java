package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.CheckConfig;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.LoadedConfig;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @TempDir Path dir;

  private final Map<String, String> environment = new HashMap<>();

  private LoadedConfig load(String arguments) {
    return ConfigLoader.load(Sections.SCHEMA, arguments, Collections.emptyMap(), environment);
  }

  /** Everything of it that anybody could print. */
  private static String shown(LoadedConfig loaded) {
    return loaded.explain()
        + loaded.config()
        + loaded.config().describe()
        + loaded.config().get(ConsoleConfig.SECTION).token();
  }

  @Test
  void referencesAreReplacedAnywhereInAValue() throws Exception {
    Path file = dir.resolve("token");
    Files.write(file, "fr0m-file\n".getBytes(StandardCharsets.UTF_8));
    environment.put("PART", "fr0m-env$1\\");

    LoadedConfig loaded = load("console.token=a-${env:PART}-${file:" + file + "}-z");

    assertThat(loaded.explain()).isEmpty();
    assertThat(loaded.config().get(ConsoleConfig.SECTION).token().reveal())
        .isEqualTo("a-fr0m-env$1\\-fr0m-file-z");
    assertThat(shown(loaded)).doesNotContain("fr0m");
  }

  @Test
  void whatAReferenceYieldsIsNotLookedAtAgain() {
    environment.put("OUTER", "${env:INNER}");

    assertThat(
            load("console.token=${env:OUTER}").config().get(ConsoleConfig.SECTION).token().reveal())
        .isEqualTo("${env:INNER}");
  }

  @Test
  void aReferenceInAnyOtherValueIsShownAsItIsWritten() {
    environment.put("HOST", "h1dden.internal");

    LoadedConfig loaded = load("console.host=${env:HOST}");

    assertThat(loaded.config().get(ConsoleConfig.SECTION).host()).isEqualTo("h1dden.internal");
    assertThat(shown(loaded)).doesNotContain("h1dden").contains("console.host = ${env:HOST}");
  }

  @Test
  void aBadValueFromAReferenceIsNotShown() {
    environment.put("PORT", "s3cret");

    LoadedConfig loaded = load("console.port=${env:PORT}");

    assertThat(loaded.errors())
        .singleElement()
        .hasToString(
            "agent argument console.port: flyball.console.port is \"${env:PORT}\" but must be a"
                + " port from 0 (any free one) to 65535, or off");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "${env:NOPE}      | ${env:NOPE} cannot be resolved: that environment variable is not set",
        "x${env:EMPTY}    | ${env:EMPTY} cannot be resolved: that environment variable is not set",
        "${file:/no/such} | ${file:/no/such} cannot be resolved: that file does not exist",
        "${file:}         | ${file:} cannot be resolved: that file is a directory",
        "s3cret${vault:x} | it has a reference of unknown kind; known are ${env:NAME} and ${file:/path}",
        "s3cret${NAME}    | it has a reference of unknown kind; known are ${env:NAME} and ${file:/path}",
        "s3cret${env:NAME | a reference has no closing }",
      })
  void aReferenceThatYieldsNothingIsToldByName(String value, String message) {
    environment.put("EMPTY", "");

    LoadedConfig loaded = load("console.token=" + value);

    assertThat(loaded.errors())
        .singleElement()
        .asString()
        .startsWith("agent argument console.token: flyball.console.token: " + message)
        .doesNotContain("s3cret");
    assertThat(loaded.config().get(ConsoleConfig.SECTION).token()).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "fallback.chain=${env:NAME}",
        "request.on-exceed=route:${env:NAME}",
        "budget.a.limit=1 USD,budget.a.window=1d,budget.a.action=degrade:${env:NAME}"
      })
  void whatANameThatIsNotThereComesFromIsNotShown(String arguments) {
    environment.put("NAME", "s3cret");

    LoadedConfig loaded = load(arguments);

    assertThat(loaded.errors())
        .isNotEmpty()
        .allSatisfy(error -> assertThat(error.toString()).doesNotContain("s3cret"));
  }

  @Test
  void filesThatHoldNoSecretAreTold() throws Exception {
    Path empty = Files.createFile(dir.resolve("empty"));
    Path huge = Files.write(dir.resolve("huge"), new byte[70_000]);

    assertThat(load("console.token=${file:" + empty + "}").errors())
        .singleElement()
        .asString()
        .endsWith("that file is empty");
    assertThat(load("console.token=${file:" + huge + "}").errors())
        .singleElement()
        .asString()
        .endsWith("that file is longer than 64 kB");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "endpoint.a.url=https://user:s3cret@gateway/v1",
        "endpoint.a.url=https://gateway/v1?key=s3cret",
        "endpoint.a.url=s3cret@gateway",
        "endpoint.a.url=s3cret-key",
      })
  void aUrlWithCredentialsIsRefusedWithoutShowingIt(String argument) {
    LoadedConfig loaded = load(argument);

    assertThat(loaded.errors()).hasSize(1);
    assertThat(shown(loaded)).doesNotContain("s3cret");
  }

  @Test
  void aSecretWrittenDownIsMaskedEverywhere() throws Exception {
    Path file = dir.resolve("f.yaml");
    Files.write(file, Arrays.asList("console:", "  token: s3cret", "  port: 0"));

    LoadedConfig loaded = load("config.file=" + file);

    assertThat(loaded.config().get(ConsoleConfig.SECTION).token().reveal()).isEqualTo("s3cret");
    assertThat(shown(loaded)).doesNotContain("s3cret").contains("flyball.console.token = ****");
  }

  @Test
  void checkConfigPrintsWhatAFileSetsWithSecretsMasked() throws Exception {
    Path file = dir.resolve("f.yaml");
    Files.write(file, Arrays.asList("console: {token: '${env:TOKEN}', host: h}", "mode: observe"));
    environment.put("TOKEN", "s3cret-0123456789");
    environment.put("FLYBALL_MODE", "nonsense that belongs to another place");
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int exit =
        CheckConfig.run(
            Sections.SCHEMA, file, environment, false, new PrintStream(out, true, "UTF-8"));

    assertThat(exit).isZero();
    assertThat(out.toString("UTF-8").split("\\R"))
        .containsExactly(
            "flyball.mode = observe",
            "flyball.console.host = h",
            "flyball.console.token = ****",
            file + " is good");
  }

  @Test
  void checkConfigPrintsEveryErrorAndSaysSo() throws Exception {
    Path file = dir.resolve("f.yaml");
    Files.write(file, Arrays.asList("console: {token: '${env:TOKEN}'}", "moed: observe"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();

    int exit =
        CheckConfig.run(
            Sections.SCHEMA, file, environment, false, new PrintStream(out, true, "UTF-8"));

    assertThat(exit).isEqualTo(1);
    assertThat(out.toString("UTF-8").split("\\R"))
        .containsExactly(
            "error: " + file + ":2:1: unknown property flyball.moed; did you mean flyball.mode?",
            "error: "
                + file
                + ":1:18: flyball.console.token: ${env:TOKEN} cannot be resolved: that environment"
                + " variable is not set");
  }
}
