package io.flyball.engine.budget;

import java.util.concurrent.CompletableFuture;

/**
 * Where a call stands that waits until it fits into its budgets: at the one account that it did not
 * fit into last, behind those who began to wait there before it did anywhere. Its fields are
 * touched under the ledger's lock only.
 */
final class Place {
  /** By the time it began to wait; 0 until then. */
  long number;

  /** Null when it waits nowhere. */
  Account account;

  private final Asker asker = new Asker();

  private CompletableFuture<Void> turn = new CompletableFuture<>();

  /** The same call, where it asks other JVMs. */
  Asker asker() {
    return asker;
  }

  /** Under the lock: what has been said until now has been heard. */
  void listen() {
    if (turn.isDone()) {
      turn = new CompletableFuture<>();
    }
  }

  /** Under the lock: completes when it is worth while to ask again. */
  CompletableFuture<Void> turn() {
    return turn;
  }
}
