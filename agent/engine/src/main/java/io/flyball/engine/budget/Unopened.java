package io.flyball.engine.budget;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/**
 * Accounts that an earlier JVM left and nobody has asked for since, by the tags of their budgets,
 * what ends first in front. Not thread safe.
 */
final class Unopened {
  private final Map<String, ArrayDeque<Integer>> slots = new HashMap<>();
  private final Map<String, Integer> counts = new HashMap<>();
  private final BitSet waiting = new BitSet();

  /**
   * @param tag null when it is not known whose it is
   * @param slot no earlier to end than those before
   */
  void add(String tag, int slot) {
    if (tag != null) {
      slots.computeIfAbsent(tag, none -> new ArrayDeque<>()).add(slot);
      counts.merge(tag, 1, Integer::sum);
      waiting.set(slot);
    }
  }

  int count(String tag) {
    return counts.getOrDefault(tag, 0);
  }

  /** Somebody has asked for it, or it is dropped. */
  void remove(String tag, int slot) {
    if (waiting.get(slot)) {
      waiting.clear(slot);
      counts.merge(tag, -1, Integer::sum);
    }
  }

  /** Null when there is none. */
  Integer first(String tag) {
    ArrayDeque<Integer> of = slots.get(tag);
    while (of != null && !of.isEmpty() && !waiting.get(of.peek())) {
      of.poll();
    }
    return of == null ? null : of.peek();
  }
}
