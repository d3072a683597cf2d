package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.Mode;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.ConfigWatcher;
import io.flyball.settings.EffectiveSetting;
import io.flyball.settings.LoadedConfig;
import io.flyball.settings.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigWatcherTest {
  @TempDir Path dir;

  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final List<String> heard = new CopyOnWriteArrayList<>();
  private final Log log = Log.to(Level.INFO, logged::add, Clock.systemUTC());

  private Path write(String yaml) throws IOException {
    return Files.write(dir.resolve("f.yaml"), yaml.getBytes(StandardCharsets.UTF_8));
  }

  private LoadedConfig load() {
    return ConfigLoader.load(
        Sections.SCHEMA,
        "config.file=" + dir.resolve("f.yaml"),
        Collections.emptyMap(),
        Collections.emptyMap());
  }

  private ConfigWatcher watcher() {
    return new ConfigWatcher(load().config(), this::load, this::hear, log);
  }

  private void hear(Settings next, List<EffectiveSetting> changes) {
    heard.add(
        changes.stream()
            .map(change -> change.property() + "=" + change.value())
            .collect(Collectors.joining(" ")));
  }

  private List<String> messages() {
    return logged.stream()
        .map(line -> line.substring(line.indexOf(" flyball ") + 9).replace(dir + "/", ""))
        .collect(Collectors.toList());
  }

  @Test
  void aChangeIsToldOnceItWasTheSameTwice() throws IOException {
    write("mode: govern");
    ConfigWatcher watcher = watcher();
    watcher.poll();

    write("mode: observe");
    watcher.poll();
    assertThat(heard).isEmpty();

    watcher.poll();
    watcher.poll();

    assertThat(heard).containsExactly("flyball.mode=observe");
    assertThat(messages()).containsExactly("INFO configuration read again: changed flyball.mode");
  }

  @Test
  void theSameLengthAndTimeDoNotHideAChange() throws IOException {
    FileTime time = FileTime.fromMillis(1_000_000_000_000L);
    Files.setLastModifiedTime(write("log.level: info"), time);
    ConfigWatcher watcher = watcher();

    Files.setLastModifiedTime(write("log.level: warn"), time);
    watcher.poll();
    watcher.poll();

    assertThat(heard).containsExactly("flyball.log.level=warn");
  }

  @Test
  void aSymbolicLinkThatIsTurnedIsAChange() throws IOException {
    Path first = Files.createDirectory(dir.resolve("first"));
    Path second = Files.createDirectory(dir.resolve("second"));
    Files.write(first.resolve("f"), Collections.singletonList("mode: govern"));
    Files.write(second.resolve("f"), Collections.singletonList("mode: observe"));
    Path data = Files.createSymbolicLink(dir.resolve("data"), first);
    Files.createSymbolicLink(dir.resolve("f.yaml"), data.resolve("f"));
    ConfigWatcher watcher = watcher();

    Files.delete(data);
    Files.createSymbolicLink(data, second);
    watcher.poll();
    watcher.poll();

    assertThat(heard).containsExactly("flyball.mode=observe");
  }

  @Test
  void withErrorsTheOldOneStaysAndTheyAreToldOnce() throws IOException {
    write("mode: govern");
    ConfigWatcher watcher = watcher();

    write("mode: fast\nprot: 1");
    for (int i = 0; i < 5; i++) {
      watcher.poll();
    }

    assertThat(heard).isEmpty();
    assertThat(messages())
        .hasSize(3)
        .startsWith("ERROR the changed configuration has errors, the one before stays in force:")
        .anyMatch(message -> message.startsWith("ERROR f.yaml:2:1: unknown property flyball.prot"))
        .anyMatch(message -> message.startsWith("ERROR f.yaml:1:7: flyball.mode is \"fast\""));

    write("mode: observe");
    watcher.poll();
    watcher.poll();
    assertThat(heard).containsExactly("flyball.mode=observe");
  }

  /** As an editor leaves it, or a disk that is full. */
  @Test
  void aFileThatBreaksOffTakesNoBudgetAway() throws IOException {
    String whole =
        "flyball:\n  budget:\n    all:\n      limit: 5 USD\n      action: block\n"
            + "    team:\n      limit: 100 calls\n";
    write(whole);
    Settings start = load().config();
    assertThat(start.get(BudgetConfig.SECTION).all()).hasSize(2);
    int end = whole.indexOf("    team:") - 1;
    for (int length = 0; length < end; length++) {
      List<Settings> inForce = new CopyOnWriteArrayList<>();
      inForce.add(start);
      write(whole);
      ConfigWatcher watcher =
          new ConfigWatcher(start, this::load, (next, changes) -> inForce.add(next), log);
      write(whole.substring(0, length));
      watcher.poll();
      watcher.poll();

      assertThat(inForce.get(inForce.size() - 1).get(BudgetConfig.SECTION).all())
          .as("%s bytes", length)
          .anyMatch(budget -> budget.name().equals("all"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "flyball:\n  budget:\n    # all: {limit: 5 USD}\n",
        "",
        "# mode: observe\n",
        "---\n",
        "flyball:"
      })
  void aFileThatSetsNothingIsGoodToStartWithAndTakesNothingAway(String nothing) throws IOException {
    write(nothing);
    assertThat(load().ok()).isTrue();
    assertThat(load().warnings()).isNotEmpty();

    write("budget.all.limit: 5 USD");
    ConfigWatcher watcher = watcher();
    write(nothing);
    watcher.poll();
    watcher.poll();
    assertThat(heard).isEmpty();
    assertThat(messages()).hasSize(2).first().asString().endsWith("the one before stays in force:");
  }

  @Test
  void anEmptyMappingSetsNothingOnPurpose() throws IOException {
    write("budget.all.limit: 5 USD");
    ConfigWatcher watcher = watcher();
    write("{}");
    watcher.poll();
    watcher.poll();

    assertThat(heard).isNotEmpty();
  }

  @Test
  void whatContradictsItselfIsToldOnce() throws IOException {
    write("mode: govern");
    ConfigWatcher watcher = watcher();
    for (String mode : new String[] {"observe", "govern"}) {
      write("timeout: {call: 1s, idle: 2s}\nmode: " + mode);
      watcher.poll();
      watcher.poll();
    }

    assertThat(heard).hasSize(2);
    assertThat(messages())
        .filteredOn(message -> message.startsWith("WARN"))
        .singleElement()
        .asString()
        .contains(
            "f.yaml:1:27: flyball.timeout.idle (2s) is longer than flyball.timeout.call (1s)");
  }

  @Test
  void whatCannotBeReadAtAllChangesNothingAndIsToldOnce() throws Exception {
    Path file = write("mode: observe");
    ConfigWatcher watcher = watcher();
    Files.delete(file);
    Files.createSymbolicLink(file, file);
    for (int i = 0; i < 5; i++) {
      watcher.poll();
    }

    assertThat(heard).isEmpty();
    assertThat(messages())
        .hasSize(2)
        .last()
        .asString()
        .contains("f.yaml: is a symbolic link that cannot be followed");
  }

  @Test
  void aFileThatGoesAwayIsAnErrorUntilItIsBack() throws IOException {
    Path file = write("mode: observe");
    ConfigWatcher watcher = watcher();

    Files.delete(file);
    watcher.poll();
    watcher.poll();
    watcher.poll();
    assertThat(messages()).hasSize(2).last().asString().contains("f.yaml: does not exist");

    write("mode: observe");
    watcher.poll();
    watcher.poll();
    assertThat(heard).isEmpty();
    assertThat(messages()).last().isEqualTo("INFO configuration read again: nothing changed");
  }

  @Test
  void whatNeedsARestartKeepsItsValueAndIsNamed() throws IOException {
    write("console.port: 1\nendpoint.a.url: http://a");
    List<Settings> configs = new CopyOnWriteArrayList<>();
    ConfigWatcher watcher =
        new ConfigWatcher(load().config(), this::load, (next, changes) -> configs.add(next), log);

    write("console.port: 2\nmode: observe\ninstrumentation.okhttp-3.enabled: false");
    watcher.poll();
    watcher.poll();

    assertThat(configs).hasSize(1);
    Settings next = configs.get(0);
    assertThat(next.get(ConsoleConfig.SECTION).port()).hasValue(1);
    assertThat(next.get(InstrumentationConfig.SECTION).isEnabled("okhttp-3")).isTrue();
    assertThat(next.get(AgentConfig.SECTION).mode()).isEqualTo(Mode.OBSERVE);
    assertThat(next.get(EndpointConfig.SECTION).all()).isEmpty();
    assertThat(messages())
        .containsExactly(
            "INFO configuration read again: changed flyball.mode, flyball.endpoint.a.url; after a"
                + " restart flyball.instrumentation.okhttp-3.enabled, flyball.console.port");
  }

  @Test
  void aListenerThatFailsDoesNotEndTheWatch() throws IOException {
    write("mode: govern");
    ConfigWatcher watcher =
        new ConfigWatcher(
            load().config(),
            this::load,
            (next, changes) -> {
              hear(next, changes);
              throw new NoClassDefFoundError("s3cret");
            },
            log);

    write("mode: observe");
    watcher.poll();
    watcher.poll();
    write("mode: govern");
    watcher.poll();
    watcher.poll();

    assertThat(heard).containsExactly("flyball.mode=observe", "flyball.mode=govern");
    assertThat(messages())
        .anyMatch(
            m -> m.startsWith("ERROR the configuration could not be read again: java.lang.NoC"))
        .noneMatch(m -> m.contains("s3cret"));
  }

  @Test
  void itWatchesOnADaemonThreadUntilItIsClosed() throws IOException {
    write("mode: govern");
    List<Thread> threads = new CopyOnWriteArrayList<>();
    ConfigWatcher watcher =
        ConfigWatcher.start(
            load().config(),
            this::load,
            (next, changes) -> threads.add(Thread.currentThread()),
            log);
    write("mode: observe");

    await().until(() -> !threads.isEmpty());
    Thread thread = threads.get(0);
    assertThat(thread.isDaemon()).isTrue();
    assertThat(thread.getName()).isEqualTo("flyball-config");

    watcher.close();
    await().until(() -> !thread.isAlive());
  }

  @Test
  void aPriceFileThatTurnedWrongLeavesTheConfigurationBefore() throws IOException {
    Path prices = dir.resolve("prices.yaml");
    Files.write(prices, "version: 1\nproviders: []\n".getBytes(StandardCharsets.UTF_8));
    write("mode: govern\nprices.file: " + prices);
    ConfigWatcher watcher = watcher();

    Files.write(prices, "providers: []\n".getBytes(StandardCharsets.UTF_8));
    write("mode: observe\nprices.file: " + prices);
    watcher.poll();
    watcher.poll();

    assertThat(heard).isEmpty();
    assertThat(messages())
        .containsExactly(
            "ERROR the changed configuration has errors, the one before stays in force:",
            "ERROR f.yaml:2:14: flyball.prices.file: prices.yaml, line 1: version is missing");
  }
}
