package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.config.ConfigLoader;
import io.flyball.engine.config.FlyballConfig;
import io.flyball.engine.log.Level;
import io.flyball.engine.log.Log;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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
    FlyballConfig config =
        ConfigLoader.load(
                "budget.b.limit=50USD,data.dir=" + folder,
                Collections.emptyMap(),
                Collections.emptyMap())
            .config();
    held.add(Accounts.open(config, Log.to(Level.INFO, log::add, Clock.systemUTC())));
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
