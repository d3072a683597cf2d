package io.flyball.javaagent;

import io.flyball.base.InternalErrors;
import io.flyball.base.log.Log;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.config.RedisConfig;
import io.flyball.engine.content.Redactor;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.FleetSettings;
import io.flyball.engine.fleet.RedisAddress;
import io.flyball.engine.fleet.RedisStore;
import io.flyball.engine.time.Timer;
import io.flyball.settings.Settings;

/** Lets this JVM take part in a fleet where the user wants that. */
final class Fleets {

  private Fleets() {}

  /** Null where nothing is shared. Connects to nothing yet. */
  static Fleet of(
      Settings config,
      AccountStore accounts,
      TimeSource time,
      Timer timer,
      Log log,
      InternalErrors errors) {
    RedisConfig redis = config.get(RedisConfig.SECTION);
    RedisAddress address = redis.address();
    if (address == null) {
      return null;
    }
    String prefix = redis.prefix();
    int timeoutMillis = (int) redis.timeout().toMillis();
    return new Fleet(
        redis.isExact()
            ? FleetSettings.exact(accounts::owner)
            : FleetSettings.slices(accounts::owner, redis.slice()),
        () -> RedisStore.connect(address, prefix, timeoutMillis, timer, new Redactor()::redact),
        address.toString(),
        time,
        log::warn,
        errors);
  }
}
