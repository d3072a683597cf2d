package io.flyball.engine.budget;

/**
 * The accounts that this JVM shares with others. What it may spend of each is leased: a ledger
 * spends its part without asking anybody, and only what is not enough is asked for. Called under
 * the ledger's lock: must only take note. Thread safe.
 */
public interface SharedAccounts {

  /** Something is to be asked or told about this account. */
  void note(Share share);

  /** Whether the others can be asked, or will be known to be away in a moment. */
  boolean isReachable();

  /** Whether nothing is leased ahead: each reservation takes its amount and gives back the rest. */
  boolean isExact();

  /** What a JVM may lease ahead of an account at most; a share of the limit, 0 to 1. */
  double slice();
}
