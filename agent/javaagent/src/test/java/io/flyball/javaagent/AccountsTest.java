package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.config.Sections;
import io.flyball.settings.ConfigLoader;
import io.flyball.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a budget does not hold for all that a user may take it for, that is said. */
class AccountsTest {
  @TempDir Path folder;

  private final List<String> log = new CopyOnWriteArrayList<>();

  /** The collector would close the first one's file, and free it for the second. */
  private final List<AccountStore> held = new ArrayList<>();

  private void open(String folder) {
    open("budget.b.limit=50USD,data.dir=" + folder, Collections.emptyMap());
  }

  private void open(String arguments, Map<String, String> properties) {
    Settings config =
        ConfigLoader.load(Sections.SCHEMA, arguments, properties, Collections.emptyMap()).config();
    held.add(Accounts.open(config, Log.to(Level.INFO, log::add, Clock.systemUTC())));
  }

  private void run(String command) {
    Map<String, String> properties = new HashMap<>();
    properties.put("user.home", folder.toString());
    properties.put("sun.java.command", command);
    open("budget.b.limit=50USD", properties);
  }

  private Path ledger(String name) {
    return folder.resolve(".flyball").resolve(name).resolve("budgets.dat");
  }

  @Test
  void programsOfOneNameCountApartAndTheReleasesOfAProgramTogether() {
    run("com.shop.Main a");
    run("com.bank.Main");
    run("/opt/orders-1.2.jar");
    assertThat(ledger("com.shop.Main")).exists();
    assertThat(ledger("com.bank.Main")).exists();
    assertThat(ledger("orders")).exists();
    assertThat(log).isEmpty();

    run("/opt/orders-1.3-SNAPSHOT.jar");
    assertThat(log).singleElement().asString().contains("WARN", "orders already");
  }

  @Test
  void whatWasSpentByTheNameAloneIsGoneOnWithAndThatIsSaid() throws IOException {
    for (String former : new String[] {"Main", "orders-1.2"}) {
      Files.createDirectories(ledger(former).getParent());
      Files.createFile(ledger(former));
    }
    run("com.shop.Main");
    run("orders-1.2.jar");

    assertThat(ledger("com.shop.Main")).doesNotExist();
    assertThat(ledger("orders")).doesNotExist();
    assertThat(log).hasSize(2).allMatch(line -> line.contains("INFO budgets: counted in "));
    assertThat(log.get(0)).contains(ledger("Main").getParent() + ",", "flyball.service");
    assertThat(log.get(1)).contains(ledger("orders-1.2").getParent() + ",");

    run("orders-1.3.jar");
    assertThat(ledger("orders")).exists();
    assertThat(log).hasSize(2);
  }

  @Test
  void whoHasALedgerOfItsOwnKeepsItWhateverElseComes() throws IOException {
    run("com.shop.Main");
    Files.createDirectories(ledger("Main").getParent());
    Files.createFile(ledger("Main"));

    run("com.shop.Main");
    assertThat(log).singleElement().asString().contains("com.shop.Main already");
  }

  @Test
  void theSecondThatCountsInAFolderSaysThatItCountsByItself() {
    open(folder.toString());
    assertThat(log).isEmpty();

    open(folder.toString());
    assertThat(log)
        .singleElement()
        .asString()
        .contains("WARN")
        .contains(folder + " already")
        .contains("budgets-2.dat")
        .contains("each may spend the whole limit");
  }

  @Test
  void withoutAFolderThatIsSaid() {
    open("none");
    assertThat(log).singleElement().asString().contains("forgotten when the JVM ends");
  }
}
