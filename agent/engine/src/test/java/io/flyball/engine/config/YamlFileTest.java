package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.flyball.settings.ConfigLoader;
import io.flyball.settings.ConfigProblem;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.yaml.YamlNodes;
import io.flyball.settings.yaml.YamlProblem;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlFileTest {
  @TempDir Path dir;

  private LoadedConfig load(String... lines) throws IOException {
    return loadBytes(String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  private LoadedConfig loadBytes(byte[] content) throws IOException {
    Path file = Files.write(dir.resolve("f.yaml"), content);
    return ConfigLoader.loadFile(Sections.SCHEMA, file, Collections.emptyMap());
  }

  private List<String> errors(LoadedConfig loaded) {
    return loaded.errors().stream()
        .map(error -> error.toString().replace(dir + "/", ""))
        .collect(Collectors.toList());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "console:\n  port: 80\n  host: h",
        "flyball:\n  console:\n    port: 80\n    host: h",
        "console.port: 80\nconsole.host: h",
        "flyball.console.port: 80\nflyball:\n  console.host: h",
        "flyball.console:\n  port: 80\nconsole: {host: h}",
        "{\"console\": {\"port\": 80, \"host\": \"h\"}}",
        "\uFEFFconsole: {port: 80, host: h}",
        "# comment\n---\nconsole: &c {port: 80, host: h}\nevents: {}\n...",
      })
  void nestedAndDottedKeysAreTheSame(String yaml) throws IOException {
    LoadedConfig loaded = load(yaml);

    assertThat(errors(loaded)).isEmpty();
    assertThat(loaded.config().get(ConsoleConfig.SECTION).port()).hasValue(80);
    assertThat(loaded.config().get(ConsoleConfig.SECTION).host()).isEqualTo("h");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode: govern\nbudget:",
        "mode: govern\nflyball:\n  budget: ~",
        "mode: govern\nbudget:\n  # all: {limit: 5 USD}\n",
        "mode: govern\nbudget:\n  all:",
        "mode: govern\nbudget: {all: {}}",
        "mode: govern\nbudget.all:",
        "mode: govern\nflyball.budget.all: null",
        "mode: govern\nflyball:",
        "mode: govern\nlog:",
        "mode: govern\nbudget: {all: {action: block}}",
      })
  void whatWasBegunAndHasNothingIsToldAtItsPlace(String yaml) throws IOException {
    assertThat(errors(load(yaml))).singleElement().asString().matches("f.yaml:[23]:.*");
  }

  @Test
  void everySectionThatHasNothingIsTold() throws IOException {
    for (io.flyball.settings.Property<?> property : Sections.SCHEMA.properties()) {
      String path = property.path().replace("<", "").replace(">", "");
      for (int dot = path.indexOf('.'); dot > 0; dot = path.indexOf('.', dot + 1)) {
        assertThat(errors(load("mode: govern\n" + path.substring(0, dot) + ":")))
            .as(path)
            .singleElement()
            .asString()
            .startsWith("f.yaml:2:1: flyball." + path.substring(0, dot));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "version: 1\ndate: 2026-08-21\nproviders:\n- id: openai\n  models: [{name: m, input: 1}]",
        "providers: []\nversion: 1",
      })
  void aPriceFileIsCalledThat(String prices) throws IOException {
    assertThat(errors(load(prices)))
        .containsExactly(
            "f.yaml:1:1: this looks like a price file, not a configuration: flyball.prices.file"
                + " names it");
  }

  @Test
  void aKeyThatIsThereTwiceIsToldWithBothPlaces() throws IOException {
    assertThat(errors(load("mode: observe", "log: {level: info}", "mode: govern")))
        .containsExactly("f.yaml:3:1: flyball.mode is set twice, first at f.yaml:1:1");
    assertThat(errors(load("console: {port: 1}", "console: {host: h}")))
        .containsExactly("f.yaml:2:1: flyball.console is set twice, first at f.yaml:1:1");
    assertThat(errors(load("console.port: 1", "console: {port: 2}")))
        .containsExactly("f.yaml:2:17: flyball.console.port is set twice, first at f.yaml:1:15");
  }

  @Test
  void anUnknownPropertyIsToldAtItsKey() throws IOException {
    assertThat(errors(load("mode: observe", "budget:", "  max-calls:", "    3")))
        .singleElement()
        .asString()
        .startsWith("f.yaml:3:3: unknown property flyball.budget.max-calls; known are ");
    assertThat(errors(load("endpoint:", "  My_gw: {url: 'http://h'}")))
        .containsExactly(
            "f.yaml:2:11: flyball.endpoint.My_gw.url: a name must be made of lower case letters,"
                + " digits and dashes");
  }

  /** Whatever ends a line, and however the text is encoded. */
  @Property(tries = 200)
  void aCharacterThatYamlForbidsIsToldWithItsPlace(
      @ForAll @IntRange(max = 300) int lines,
      @ForAll @IntRange(max = 40) int before,
      @ForAll @IntRange(max = 2) int newLine,
      @ForAll boolean wide,
      @ForAll("forbidden") char forbidden)
      throws IOException {
    String end = new String[] {"\n", "\r\n", "\r"}[newLine];
    StringBuilder text = new StringBuilder(wide ? "\uFEFF" : "");
    for (int i = 0; i < lines; i++) {
      text.append("# \u00e9\ud83d\ude00").append(end);
    }
    text.append('#');
    for (int i = 0; i < before; i++) {
      text.append('x');
    }
    text.append(forbidden).append(end).append("mode: observe");
    Charset charset = wide ? StandardCharsets.UTF_16LE : StandardCharsets.UTF_8;

    assertThatThrownBy(() -> YamlNodes.compose("f.yaml", text.toString().getBytes(charset), 1_000))
        .isInstanceOfSatisfying(
            YamlProblem.class,
            problem ->
                assertThat(problem.line() + ":" + problem.column())
                    .isEqualTo((lines + 1) + ":" + (before + 2)))
        .hasMessageEndingWith(String.format("(U+%04X)", (int) forbidden));
  }

  @Provide
  Arbitrary<Character> forbidden() {
    return Arbitraries.of('\u0000', '\u0001', '\u0007', '\u001b', '\u007f', '\u009f', '\ufffe');
  }

  @Test
  void malformedYamlIsToldWithItsPlaceAndWithoutItsContent() throws IOException {
    List<String> errors =
        errors(load("mode: observe", "console:", "  token: \"s3cret", "  port: 1"));

    assertThat(errors)
        .singleElement()
        .asString()
        .startsWith("f.yaml:4:")
        .contains("not valid YAML: ")
        .doesNotContain("s3cret");
    assertThat(errors(load("mode: observe", "\tlog: x")))
        .singleElement()
        .asString()
        .startsWith("f.yaml:2:1: not valid YAML: ");
    assertThat(errors(load("a: b: c"))).singleElement().asString().startsWith("f.yaml:1:5: not");
    assertThat(errors(load("mode: observe", "---", "mode: govern")))
        .singleElement()
        .asString()
        .contains("not valid YAML");
    assertThat(errors(loadBytes(new byte[] {'m', ':', ' ', 0, 1, 2})))
        .containsExactly(
            "f.yaml:1:4: not valid YAML: it holds a character that YAML does not allow (U+0000)");
    assertThat(errors(loadBytes(new byte[] {'m', ':', '\n', '#', 'x', (byte) 0xFF})))
        .containsExactly(
            "f.yaml:2:3: not valid YAML: it holds bytes that are no text in UTF-8 or UTF-16");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "# only a comment\n", "~", "---\n"})
  void aFileThatSetsNothingIsAWarning(String yaml) throws IOException {
    LoadedConfig loaded = load(yaml);
    assertThat(loaded.ok()).isTrue();
    assertThat(loaded.warnings())
        .extracting(warning -> warning.toString().replace(dir + "/", ""))
        .containsExactly("f.yaml: the file sets nothing");
  }

  @Test
  void whatIsNoMappingIsToldSo() throws IOException {
    assertThat(errors(load("- mode")))
        .containsExactly("f.yaml:1:1: the file must hold a mapping, such as mode: observe");
    assertThat(errors(load("observe")))
        .containsExactly("f.yaml:1:1: the file must hold a mapping, such as mode: observe");
  }

  @Test
  void aValueOfTheWrongShapeIsToldSo() throws IOException {
    assertThat(errors(load("mode: [observe, govern]")))
        .containsExactly("f.yaml:1:7: flyball.mode takes one value, not a list");
    assertThat(errors(load("attribution:", "  user:", "    - const: x")))
        .containsExactly("f.yaml:3:7: flyball.attribution.user: a list item must be a plain value");
    assertThat(errors(load("attribution: {user: []}")))
        .containsExactly("f.yaml:1:21: flyball.attribution.user has no value");
    assertThat(errors(load("mode:"))).containsExactly("f.yaml:1:6: flyball.mode has no value");
    assertThat(errors(load("console: 80")))
        .containsExactly(
            "f.yaml:1:1: unknown property flyball.console; known are flyball.console.port,"
                + " flyball.console.host, flyball.console.token");
    assertThat(errors(load("? [a]", ": b")))
        .containsExactly("f.yaml:1:3: a key must be a plain word");
    assertThat(errors(load("config: {file: x}")))
        .containsExactly("f.yaml:1:16: flyball.config.file cannot be set in the file itself");
  }

  @Test
  void aliasesCannotBlowItUp() throws IOException {
    assertThat(errors(load("log: &a {level: info}", "console: *a")))
        .contains("f.yaml:1:6: aliases of mappings and lists are not supported");
    assertThat(errors(load("log: &a", "  x: *a")))
        .containsExactly("f.yaml:2:6: an alias of what it is itself a part of");
    StringBuilder deep = new StringBuilder("mode: ");
    for (int i = 0; i < 100_000; i++) {
      deep.append('[');
    }
    assertThat(errors(load(deep.toString()))).hasSize(1);
  }

  @Test
  void aFileThatCannotBeReadIsToldWithWhoNamedIt() throws IOException {
    Path missing = dir.resolve("missing.yaml");
    assertThat(errors(named(missing)))
        .containsExactly(
            "missing.yaml: does not exist (the file that agent argument config.file names)");
    assertThat(errors(named(Files.createDirectory(dir.resolve("folder")))))
        .containsExactly("folder: is a directory (the file that agent argument config.file names)");
    Path huge = Files.write(dir.resolve("huge"), new byte[(1 << 20) + 1]);
    assertThat(errors(named(huge)))
        .containsExactly(
            "huge: is longer than 1 MB (the file that agent argument config.file names)");
  }

  @Test
  void aFileThatMayNotBeReadIsToldSo() throws IOException {
    Path file =
        Files.write(dir.resolve("f.yaml"), "mode: observe".getBytes(StandardCharsets.UTF_8));
    assertThat(file.toFile().setReadable(false, false)).isTrue();
    assumeFalse(Files.isReadable(file), "this user may read everything");

    assertThat(errors(named(file))).singleElement().asString().contains("permission denied");
  }

  private LoadedConfig named(Path file) {
    return ConfigLoader.load(
        Sections.SCHEMA, "config.file=" + file, Collections.emptyMap(), Collections.emptyMap());
  }

  /** Not thrown, and told. */
  @Property(tries = 300)
  void garbageNeverThrows(@ForAll @From("garbage") String garbage) throws IOException {
    Path file = Files.createTempFile("garbage", ".yaml");
    try {
      Files.write(file, garbage.getBytes(StandardCharsets.UTF_8));
      LoadedConfig loaded = ConfigLoader.loadFile(Sections.SCHEMA, file, Collections.emptyMap());
      assertThat(loaded.config().describe()).isNotEmpty();
      for (ConfigProblem error : loaded.errors()) {
        assertThat(error.place()).startsWith(file.toString());
      }
    } finally {
      Files.delete(file);
    }
  }

  @Provide
  Arbitrary<String> garbage() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            Arrays.asList(
                "mode",
                "console",
                "flyball",
                ": ",
                ":\n  ",
                "\n",
                "- ",
                "[",
                "]",
                "{",
                "}",
                "&a ",
                "*a",
                "!!java.net.URL ",
                "<<: ",
                "| ",
                "> ",
                "? ",
                "\"",
                "'",
                "#",
                "%",
                "\t",
                "~",
                "${env:X}",
                "${",
                "\u0000",
                "\u2028",
                "port",
                "endpoint.x.url"));
    Arbitrary<String> any = Arbitraries.strings().ofMaxLength(3);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, pieces), net.jqwik.api.Tuple.of(1, any))
        .list()
        .ofMaxSize(20)
        .map(parts -> String.join("", parts));
  }
}
