package io.flyball.engine.budget;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * A call that asks other JVMs for what it needs, perhaps again and again. Touched under the
 * ledger's lock only.
 */
final class Asker {
  private final Set<AccountShare> asked = Collections.newSetFromMap(new IdentityHashMap<>(4));

  void hasAsked(AccountShare share) {
    asked.add(share);
  }

  /** It has what it needs, or needs it no longer: nothing is to be leased for it. */
  void withdraw() {
    for (AccountShare share : asked) {
      share.withdrawn(this);
    }
    asked.clear();
  }
}
