package io.flyball.javaagent;

import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.config.FlyballConfig;
import io.flyball.engine.config.RedisConfig;
import io.flyball.engine.content.Redactor;
import io.flyball.engine.fleet.Fleet;
import io.flyball.engine.fleet.FleetSettings;
import io.flyball.engine.fleet.RedisAddress;
import io.flyball.engine.fleet.RedisStore;
import io.flyball.engine.log.Log;
import io.flyball.engine.time.Timer;

/** Lets this JVM take part in a fleet where the user wants that. */
final class Fleets {

  private Fleets() {}

  /** Null where nothing is shared. Connects to nothing yet. */
  static Fleet of(
      FlyballConfig config,
      AccountStore accounts,
      TimeSource time,
      Timer timer,
      Log log,
      InternalErrors errors) {
    RedisConfig redis = config.redis();
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
