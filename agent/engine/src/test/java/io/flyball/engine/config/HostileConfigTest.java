package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.file.Mutants;
import io.flyball.settings.CheckConfig;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.ConfigProblem;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.LoadedConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a configuration file turns out to be, reading it ends, and says where it is wrong. */
@Timeout(60)
class HostileConfigTest {
  /** Of what is wrong no more is told, and that there is more. */
  private static final int MOST_ERRORS = 101;

  private static final int MUTANTS = 2_000;

  @TempDir Path dir;

  private LoadedConfig load(Path file) {
    return ConfigLoader.load(
        Sections.SCHEMA,
        "config.file=" + file,
        Collections.emptyMap(),
        Collections.singletonMap("KEY", "s3cret"));
  }

  private List<String> errors(byte[] content) throws IOException {
    Path file = Files.write(dir.resolve("f.yaml"), content);
    return load(file).errors().stream()
        .map(error -> error.toString().replace(dir + "/", ""))
        .collect(Collectors.toList());
  }

  private List<String> errors(String yaml) throws IOException {
    return errors(yaml.getBytes(StandardCharsets.UTF_8));
  }

  static Stream<String> bombs() {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x]\n");
    StringBuilder merges = new StringBuilder("a0: &a0 {k0: 1}\n");
    for (int i = 1; i < 100; i++) {
      laughs.append("a" + i + ": &a" + i + " [*a" + (i - 1) + ", *a" + (i - 1) + "]\n");
      merges.append(
          "a" + i + ": &a" + i + " {<<: [*a" + (i - 1) + ", *a" + (i - 1) + "], k" + i + ": 1}\n");
    }
    return Stream.of(
        "a: &a {<<: *a}",
        "a: &a {<<: [*a, *a]}",
        "a: &a\n  b: &b {<<: *a}\n  <<: *b",
        "a: &a [*a]",
        "&a mode: *a",
        "? &a {<<: *a}\n: 1",
        laughs.toString(),
        merges.toString(),
        "log: &m {level: info}\nconsole: {" + times("<<: *m, ", 900) + "}",
        "mode: " + times("[", 100_000),
        "mode: " + times("{a: ", 100_000),
        times("- ", 100_000),
        times("? ", 50_000),
        times("a: [", 1_000),
        "mode: \u0000",
        "\"" + times("k", 500_000) + "\": 1",
        "'" + times("k.", 250_000) + "': 1",
        "? " + times("k", 500_000) + "\n: 1",
        "? " + times("k.", 250_000) + "k\n: 1",
        "retry:\n  ? " + times("max-attempt", 50_000) + "\n  : 1",
        "fallback: {chain: '" + times("a,", 250_000) + "b'}",
        "fallback: {chain: [" + numbered("t", 9_000) + "]}",
        "fallback.chain: " + numbered("t", 9_000),
        numbered("? x", 4_000).replace(", ", "\n"),
        unknown(9_000),
        "mode: !!java.net.URL [http://localhost]",
        "%TAG ! tag:yaml.org,2002:\n" + times("%FOO\n", 100_000),
        "mode: *nothing",
        "mode: &" + times("a", 100_000),
        "retry: {max-attempts: " + times("9", 900_000) + "}",
        "timeout: {call: " + times("9", 900_000) + "ms}",
        "log: {file: '${env:" + times("X", 60_000) + "}'}",
        "log: {file: '" + times("${", 30_000) + "'}");
  }

  private static String times(String text, int count) {
    StringBuilder all = new StringBuilder(text.length() * count);
    for (int i = 0; i < count; i++) {
      all.append(text);
    }
    return all.toString();
  }

  private static String numbered(String name, int count) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append(i == 0 ? "" : ", ").append(name).append(i);
    }
    return all.toString();
  }

  private static String unknown(int count) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      all.append("retry.max-atempt").append(i).append(": 1\n");
    }
    return all.toString();
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void aBombIsToldAtItsPlace(String yaml) throws IOException {
    List<String> errors = errors(yaml);

    assertThat(errors).isNotEmpty().hasSizeLessThanOrEqualTo(MOST_ERRORS);
    assertThat(errors).allMatch(error -> error.startsWith("f.yaml"));
    assertThat(errors).allMatch(error -> error.length() < 2_000);
  }

  @Test
  void whatMergesItselfIsTold() throws IOException {
    assertThat(errors("a: &a {<<: *a}"))
        .containsExactly("f.yaml:1:12: an alias of what it is itself a part of");
    assertThat(errors("mode: observe\nlog: " + times("[", 60)))
        .containsExactly("f.yaml:2:55: nested too deeply, more than 50 levels");
  }

  @Test
  void aMergeOfASectionSetsWhatIsNotSet() throws IOException {
    Path file =
        Files.write(
            dir.resolve("f.yaml"),
            "limit: {tenant: &t {rpm: 5, tpm: 1000}, user: {<<: *t, rpm: 7}}"
                .getBytes(StandardCharsets.UTF_8));
    LoadedConfig loaded = load(file);

    assertThat(loaded.errors()).isEmpty();
    assertThat(loaded.config().describe().stream().map(EffectiveSetting::toString))
        .anyMatch(setting -> setting.startsWith("flyball.limit.user.rpm = 7 "))
        .anyMatch(setting -> setting.startsWith("flyball.limit.user.tpm = 1000 "));
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16LE", "UTF-16BE"})
  void utf16WithItsMarkIsRead(String charset) throws IOException {
    byte[] content = "\uFEFFmode: observe".getBytes(charset);
    assertThat(errors(content)).isEmpty();
    assertThat(errors("mode: observe".getBytes(charset))).hasSize(1);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void onlyRegularFilesAreRead() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Path loop = Files.createSymbolicLink(dir.resolve("loop"), dir.resolve("loop"));
    Path dangling = Files.createSymbolicLink(dir.resolve("dangling"), dir.resolve("none"));
    Path zero = Files.createSymbolicLink(dir.resolve("zero"), Paths.get("/dev/zero"));
    Path kernel = Files.createSymbolicLink(dir.resolve("kernel"), Paths.get("/proc/self/status"));
    List<Function<Path, List<ConfigProblem>>> readers = new ArrayList<>();
    readers.add(file -> load(file).errors());
    readers.add(
        file ->
            ConfigLoader.load(
                    Sections.SCHEMA,
                    "console.token=${file:" + file + "}",
                    Collections.emptyMap(),
                    Collections.emptyMap())
                .errors());
    for (Function<Path, List<ConfigProblem>> reader : readers) {
      told(reader, pipe, "is not a regular file but a device, a pipe or a socket");
      told(reader, zero, "is not a regular file but a device, a pipe or a socket");
      told(reader, kernel, "is not a regular file but one that the kernel makes up");
      told(reader, dir, "is a directory");
      told(reader, loop, "is a symbolic link that cannot be followed");
      told(reader, dangling, "is a symbolic link to what does not exist");
      told(reader, dir.resolve("missing"), "does not exist");
    }
    assertThat(checked("prices: {file: " + pipe + "}"))
        .contains("flyball.prices.file: " + pipe + ": cannot be read: it is not a regular file");
  }

  private static void told(Function<Path, List<ConfigProblem>> reader, Path file, String expected) {
    assertThat(reader.apply(file))
        .singleElement()
        .asString()
        .contains(file.toString())
        .contains(expected);
  }

  private String checked(String yaml, String... options) throws IOException {
    Path file = Files.write(dir.resolve("checked.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int status =
        CheckConfig.run(
            Sections.SCHEMA,
            file,
            Collections.emptyMap(),
            options.length > 0,
            new PrintStream(out, true, StandardCharsets.UTF_8.name()));
    String text = new String(out.toByteArray(), StandardCharsets.UTF_8);
    assertThat(status).isEqualTo(text.contains("error: ") ? 1 : 0);
    return text;
  }

  @ParameterizedTest
  @MethodSource("bombs")
  void checkConfigAlwaysEndsWithAMessage(String yaml) throws IOException {
    assertThat(checked(yaml)).startsWith("error: ");
  }

  @Test
  void checkConfigReadsThePriceFileAndSaysItsLine() throws IOException {
    Path prices = dir.resolve("prices.yaml");
    Files.write(
        prices,
        "version: 1\nproviders:\n- id: a\n  models:\n  - {name: m, input: many}\n"
            .getBytes(StandardCharsets.UTF_8));
    assertThat(checked("prices: {file: " + prices + "}"))
        .contains(
            "flyball.prices.file: "
                + prices
                + ", line 5: providers.a.models.m.input must be a number");
    Files.write(
        prices,
        ("version: 1\nproviders:\n- id: a\n  models:\n  - {name: m, input: 1e999999999}\n")
            .getBytes(StandardCharsets.UTF_8));
    assertThat(checked("prices: {file: " + prices + "}")).contains("line 5: ");
    Files.write(prices, "version: \"1".getBytes(StandardCharsets.UTF_8));
    assertThat(checked("prices: {file: " + prices + "}"))
        .contains(prices + ", line 1: not valid YAML");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"mode\\n2026 flyball ERROR forged\": observe",
        "mode: \"observe\\r\\n2026 flyball ERROR forged\"",
        "mode: \"observe\\u20282026 flyball ERROR forged\"",
        "service: \"a\\n2026 flyball ERROR forged\"",
        "\"budget\\u0085ERROR forged\": {}",
        "budget: {\"a\\n2026 flyball ERROR forged\": {limit: 1 USD}}",
        "endpoint: {\"a\\n2026 flyball ERROR forged\": {}}",
      })
  void noLineIsForged(String yaml) throws IOException {
    assertThat(checked(yaml).split("[\\v]"))
        .noneMatch(line -> line.startsWith("2026") || line.startsWith("ERROR"));
  }

  @Test
  void checkConfigTellsOfWhatHasNothing() throws IOException {
    assertThat(checked("budget:\n"))
        .contains("checked.yaml:1:1: flyball.budget has nothing")
        .endsWith("is good, but sets nothing\n");
    assertThat(checked("mode: observe\nbudget:\n"))
        .contains("error: ")
        .contains("checked.yaml:2:1: flyball.budget has nothing");
    assertThat(checked("# mode: observe\n"))
        .contains("warning: ")
        .endsWith("is good, but sets nothing\n");
  }

  @Test
  void offlineSecretsNeedNotBeThere() throws IOException {
    String yaml =
        "mode: ${env:MODE}\n"
            + "target:\n  b: {url: '${env:URL}', api-key: '${file:/run/secrets/none}'}\n"
            + "timeout: {call: '${env:CALL}', idle: 20m}\n"
            + "prices: {file: /etc/none/prices.yaml}\n"
            + "fallback: {chain: b}\n";
    assertThat(checked(yaml)).contains("f", "flyball.mode", "flyball.target.b.url");
    assertThat(checked(yaml, "--offline"))
        .endsWith("checked.yaml is good\n")
        .doesNotContain("warning")
        .contains("flyball.target.b.api-key = ****");
    assertThat(checked("mode: ${nev:X}", "--offline")).contains("reference of unknown kind");
    assertThat(checked("retry: {max-attempts: many, budget: '${env:X}'}", "--offline"))
        .contains("flyball.retry.max-attempts")
        .doesNotContain("flyball.retry.budget");
  }

  @Test
  void whatAnUnsetReferenceIsForIsToldWithItsLine() throws IOException {
    assertThat(errors("mode: observe\ntarget:\n  b:\n    url: ${env:NOT_THERE}"))
        .containsExactly(
            "f.yaml:4:10: flyball.target.b.url: ${env:NOT_THERE} cannot be resolved: that"
                + " environment variable is not set");
  }

  /** Flips, cuts, splices and repetitions of good files. */
  @Test
  void mutantsNeverThrowAndAreToldAtTheirPlace() throws IOException {
    List<byte[]> seeds = seeds();
    long from = Long.getLong("flyball.fuzz.seed", 7_000_000L);
    for (long seed = from; seed < from + Long.getLong("flyball.fuzz.count", MUTANTS); seed++) {
      byte[] mutant = Mutants.of(seeds, new Random(seed));
      Path file = Files.write(dir.resolve("m.yaml"), mutant);
      LoadedConfig loaded = load(file);
      assertThat(loaded.config().describe()).as("seed %s", seed).isNotEmpty();
      for (ConfigProblem error : loaded.errors()) {
        assertThat(error.place()).as("seed %s", seed).startsWith(file.toString());
        assertThat(error.toString()).as("seed %s", seed).doesNotContain("s3cret");
      }
    }
  }

  private static List<byte[]> seeds() {
    List<byte[]> seeds = new ArrayList<>();
    StringBuilder all = new StringBuilder();
    for (io.flyball.settings.Property<?> property : Sections.SCHEMA.properties()) {
      String example = property.example();
      if (example != null && !example.contains("${") && property != ConfigLoader.FILE) {
        String path = property.path().replace("<name>", "n").replace("<header>", "h");
        all.append(path).append(": '").append(example.replace("'", "''")).append("'\n");
      }
    }
    seeds.add(all.toString().getBytes(StandardCharsets.UTF_8));
    for (String yaml :
        new String[] {
          "flyball:\n  mode: observe\n  target:\n    b: &b\n      url: https://h/v1\n"
              + "      api-key: ${env:KEY}\n    c: {<<: *b, model: m}\n"
              + "  fallback: {chain: [b, c, cache, 'static:a, b']}\n",
          "limit: {tenant: &t {rpm: 5}, user: {<<: [*t, *t]}}\nlog: {level: |\n  info\n}\n",
          "? mode\n: >-\n  observe\n---\n# x\n...\n%YAML 1.2\n---\n- &a [*a]\n",
          "{\"console\": {\"port\": 0, \"token\": \"\\u0041\\x41\"}, \"x\": !!str 'y'}",
        }) {
      seeds.add(yaml.getBytes(StandardCharsets.UTF_8));
    }
    return seeds;
  }
}
