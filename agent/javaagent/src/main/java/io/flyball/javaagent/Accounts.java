package io.flyball.javaagent;

import io.flyball.base.log.Log;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.MappedAccounts;
import io.flyball.engine.config.AgentConfig;
import io.flyball.engine.config.BudgetConfig;
import io.flyball.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Opens the place where the accounts of budgets outlive this JVM. */
final class Accounts {
  /** What {@link MappedAccounts} calls the file of the first JVM in a folder. */
  private static final String FIRST_FILE = "budgets.dat";

  private Accounts() {}

  /** Whoever has spent something has spent it, wherever it stands. */
  private static boolean isWhereTheyWere(Settings config, Path folder) {
    Path former = AgentConfig.formerDataDir(config);
    return former != null
        && !Files.exists(folder.resolve(FIRST_FILE))
        && Files.exists(former.resolve(FIRST_FILE));
  }

  /**
   * In memory where there are no budgets, where the user wants that, or where nothing else goes.
   */
  static AccountStore open(Settings config, Log log) {
    Path folder = config.get(AgentConfig.SECTION).dataDir();
    if (config.get(BudgetConfig.SECTION).all().isEmpty()) {
      return AccountStore.MEMORY;
    }
    if (folder == null) {
      log.info("budgets: flyball.data.dir=none, what is spent is forgotten when the JVM ends");
      return AccountStore.MEMORY;
    }
    try {
      if (isWhereTheyWere(config, folder)) {
        folder = AgentConfig.formerDataDir(config);
        log.info(
            "budgets: counted in "
                + folder
                + ", where earlier versions of Flyball began, with every program that is called "
                + config.get(AgentConfig.SECTION).service()
                + "; flyball.service or flyball.data.dir tell different programs apart");
      }
      MappedAccounts accounts =
          MappedAccounts.in(
              folder, System.currentTimeMillis(), warning -> log.error("budgets: " + warning));
      if (!accounts.file().endsWith(FIRST_FILE)) {
        log.warn(
            "budgets: another JVM counts in "
                + folder
                + " already, this one counts by itself in "
                + accounts.file().getFileName()
                + ": each may spend the whole limit; flyball.redis.url has them share it,"
                + " flyball.service or flyball.data.dir tell different programs apart");
      }
      if (accounts.accountsInFlight() > 0) {
        log.warn(
            "budgets: the last JVM was killed with calls under way; what was set aside for them in "
                + accounts.accountsInFlight()
                + " accounts counts as spent ("
                + accounts.file()
                + ")");
      }
      return accounts;
    } catch (IOException | RuntimeException failure) {
      log.error(
          "budgets: what is spent is forgotten when the JVM ends, nothing can be kept in "
              + folder
              + ": "
              + failure);
      return AccountStore.MEMORY;
    }
  }
}
