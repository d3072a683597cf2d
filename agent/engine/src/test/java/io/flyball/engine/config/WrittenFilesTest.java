package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.settings.CheckConfig;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.ConfigProblem;
import io.flyball.settings.LoadedConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that is written to must not be one that is needed for something else. */
class WrittenFilesTest {
  @TempDir Path dir;

  private Path config;
  private Path prices;
  private Path secret;

  @BeforeEach
  void makeFiles() throws IOException {
    config = dir.resolve("flyball.yaml");
    prices = Files.write(dir.resolve("prices.yaml"), "version: 1\nprices: []\n".getBytes());
    secret = Files.write(dir.resolve("token"), "a-token-of-more-than-16-characters".getBytes());
  }

  private LoadedConfig load(String... lines) throws IOException {
    Files.write(config, Arrays.asList(lines), StandardCharsets.UTF_8);
    return ConfigLoader.load(
        Sections.SCHEMA, "config.file=" + config, Collections.emptyMap(), Collections.emptyMap());
  }

  private static String said(List<ConfigProblem> problems) {
    assertThat(problems).hasSize(1);
    return problems.get(0).toString();
  }

  private int check(ByteArrayOutputStream out) throws IOException {
    return CheckConfig.run(
        Sections.SCHEMA,
        config,
        Collections.emptyMap(),
        false,
        new PrintStream(out, true, "UTF-8"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"events", "log"})
  void aFileThatIsReadIsNotWrittenTo(String section) throws IOException {
    List<Path> names =
        Arrays.asList(config, dir.resolve("x/../flyball.yaml"), secret, dir.resolve("./token"));
    for (Path each : names) {
      LoadedConfig loaded =
          load("console:", "  token: ${file:" + secret + "}", section + ":", "  file: " + each);

      assertThat(said(loaded.errors()))
          .startsWith(config + ":4:")
          .contains("flyball." + section + ".file")
          .contains("destroy");
      // Nor when it is told what is wrong.
      assertThat(loaded.config().get(LogConfig.SECTION).file()).isNull();
      assertThat(loaded.config().get(EventsConfig.SECTION).file()).isNull();
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      assertThat(check(out)).isEqualTo(1);
      assertThat(out.toString("UTF-8")).doesNotContain("is good");
    }
  }

  @Test
  void norIsTheFileOfPrices() throws IOException {
    LoadedConfig loaded = load("prices.file: " + prices, "events.file: " + prices);

    assertThat(loaded.errors()).anySatisfy(each -> assertThat(each.message()).contains("destroy"));
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void norWhatALinkLeadsTo() throws IOException {
    load("mode: observe");
    Path link = Files.createSymbolicLink(dir.resolve("link"), config);
    Path folder = Files.createSymbolicLink(dir.resolve("folder"), dir);

    for (Path each : Arrays.asList(link, folder.resolve("flyball.yaml"))) {
      assertThat(said(load("events.file: " + each).errors())).contains("destroy");
    }
  }

  @Test
  void oneFileForTwoThingsIsTold() throws IOException {
    Path both = dir.resolve("both");
    LoadedConfig loaded = load("events.file: " + both, "log.file: " + dir.resolve("./both"));

    assertThat(loaded.errors()).isEmpty();
    assertThat(said(loaded.warnings()))
        .startsWith(config + ":2:")
        .contains("flyball.log.file is the same file as flyball.events.file");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void whatTheFileOfEventsIsRenamedToIsTold(int number) throws IOException {
    String renamed = "events.jsonl." + number;
    LoadedConfig loaded =
        load("events.file: " + dir.resolve("events.jsonl"), "log.file: " + dir.resolve(renamed));

    assertThat(loaded.errors()).isEmpty();
    assertThat(said(loaded.warnings()))
        .startsWith(config + ":2:")
        .contains("flyball.log.file is what flyball.events.file is renamed to", renamed);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void norIsAFileThatIsReadReplaced(int number) throws IOException {
    Path read = Files.move(secret, dir.resolve("e." + number));
    LoadedConfig loaded =
        load("console:", "  token: ${file:" + read + "}", "events.file: " + dir.resolve("e"));

    assertThat(said(loaded.errors()))
        .startsWith(config + ":3:")
        .contains("flyball.events.file", "renamed to " + read, "destroy");
    assertThat(loaded.config().get(EventsConfig.SECTION).file()).isNull();
  }

  @Test
  void whatItIsNotRenamedToIsGood() throws IOException {
    LoadedConfig loaded =
        load("events.file: " + dir.resolve("e.jsonl"), "log.file: " + dir.resolve("e.jsonl.5"));

    assertThat(loaded.explain()).isEmpty();
  }

  @Test
  void aFolderIsTold() throws IOException {
    LoadedConfig loaded = load("events.file: " + dir);

    assertThat(loaded.errors()).isEmpty();
    assertThat(said(loaded.warnings())).contains("flyball.events.file is a folder");
  }

  @Test
  void othersAreGood() throws IOException {
    Files.write(dir.resolve("events"), new byte[0]);
    LoadedConfig loaded =
        load("events.file: " + dir.resolve("events"), "log.file: " + dir.resolve("new/log"));

    assertThat(loaded.explain()).isEmpty();
    if (Files.exists(Paths.get("/dev/stdout"))) {
      assertThat(load("events.file: /dev/stdout", "log.file: /dev/stdout").explain()).isEmpty();
    }
  }
}
