package io.flyball.engine.breaker;

import io.flyball.engine.capability.Capability;
import io.flyball.engine.capability.House;
import io.flyball.engine.capability.Installed;
import io.flyball.settings.Section;

/** Circuit breakers: what keeps failing is left alone for a while. */
public final class BreakerCapability implements Capability {

  @Override
  public Section<?> section() {
    return BreakerConfig.SECTION;
  }

  @Override
  public Installed install(House house) {
    return new InstalledBreakers(house);
  }
}
