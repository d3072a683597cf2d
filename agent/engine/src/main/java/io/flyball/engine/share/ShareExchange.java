package io.flyball.engine.share;

/**
 * Where parts of what several JVMs have together are leased and returned. A policy uses its part
 * without asking anybody, and only what is not enough is asked for. Called under policies' locks:
 * must only take note. Thread safe.
 */
public interface ShareExchange {

  /** Something is to be asked or told. */
  void note(Share share);

  /** Whether the others can be asked, or will be known to be away in a moment. */
  boolean isReachable();

  /** Whether nothing is leased ahead: each call takes what it needs and gives back the rest. */
  boolean isExact();

  /** What a JVM may lease ahead at most; a share of the limit, 0 to 1. */
  double slice();

  /** How many JVMs there were when that was last heard, this one included; at least 1. */
  int members();
}
