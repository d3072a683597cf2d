package io.flyball.engine.budget;

import java.util.IdentityHashMap;
import java.util.Map;

/** A call that asks other JVMs for what it needs, perhaps again and again. */
final class Asker {
  private final Map<Share, Long> rounds = new IdentityHashMap<>(4);

  /** Whether what it asks for is already in the next request. Under the ledger's lock. */
  boolean hasAsked(Share share, long round) {
    Long before = rounds.put(share, round);
    return before != null && before == round;
  }
}
