package io.flyball.engine.anomaly;

import io.flyball.engine.call.Attribution;

/** Whose spending is watched. */
public enum SpendScope {
  TENANT {
    @Override
    String keyOf(Attribution who) {
      return who.tenant();
    }
  },
  FEATURE {
    @Override
    String keyOf(Attribution who) {
      return who.feature() == null ? "" : who.feature();
    }
  },
  USER {
    @Override
    String keyOf(Attribution who) {
      return who.userHash();
    }
  };

  /** Null when the call has none. Calls without a feature are watched together. */
  abstract String keyOf(Attribution who);
}
