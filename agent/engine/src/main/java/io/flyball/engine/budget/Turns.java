package io.flyball.engine.budget;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Who is to be told that it may ask again: gathered under the ledger's lock, told without it. */
final class Turns {
  private final List<CompletableFuture<Void>> due = new ArrayList<>();
  private final ThreadLocal<Deque<CompletableFuture<Void>>> telling = new ThreadLocal<>();

  /** Under the lock. */
  void add(CompletableFuture<Void> turn) {
    due.add(turn);
  }

  /** Under the lock; what is taken is for {@link #tell}. */
  List<CompletableFuture<Void>> take() {
    if (due.isEmpty()) {
      return Collections.emptyList();
    }
    List<CompletableFuture<Void>> taken = new ArrayList<>(due);
    due.clear();
    return taken;
  }

  /**
   * Not under the lock: calls go on in it, and may have turns for others. Those come after, not
   * inside, or many who wait would make a deep stack.
   */
  void tell(List<CompletableFuture<Void>> turns) {
    if (turns.isEmpty()) {
      return;
    }
    Deque<CompletableFuture<Void>> told = telling.get();
    if (told != null) {
      told.addAll(turns);
      return;
    }
    told = new ArrayDeque<>(turns);
    telling.set(told);
    try {
      for (CompletableFuture<Void> turn = told.poll(); turn != null; turn = told.poll()) {
        turn.complete(null);
      }
    } finally {
      telling.remove();
    }
  }
}
