package io.flyball.protocol.conversation;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/**
 * Names for calls that have none, the same for a call each time its conversation is sent again, and
 * matched with responses as Gemini does: by id, else by name and order.
 */
final class GeminiIds {
  private final Map<String, Open> openByName = new HashMap<>();
  private int calls;

  String ofCall(String id, String name) {
    String given = id == null || id.isEmpty() ? "call_" + calls : id;
    calls++;
    openByName.computeIfAbsent(name, none -> new Open()).add(given);
    return given;
  }

  String ofResponse(String id, String name) throws UntranslatableException {
    Open open = openByName.get(name);
    String answered = open == null ? null : open.take(id);
    if (answered == null) {
      throw new UntranslatableException("tool result without its call");
    }
    return answered;
  }

  /** The calls of one function that have no response yet. */
  private static final class Open {
    private final Deque<String> order = new ArrayDeque<>();

    /** How many of an id are open, and how many of them are in the order though they are not. */
    private final Map<String, Integer> left = new HashMap<>();

    private final Map<String, Integer> gone = new HashMap<>();

    void add(String id) {
      order.add(id);
      left.merge(id, 1, Integer::sum);
    }

    /** The one with that id, else the first; null when there is none. */
    String take(String id) {
      if (id != null && left.getOrDefault(id, 0) > 0) {
        left.merge(id, -1, Integer::sum);
        gone.merge(id, 1, Integer::sum);
        return id;
      }
      String first = order.poll();
      while (first != null && gone.getOrDefault(first, 0) > 0) {
        gone.merge(first, -1, Integer::sum);
        first = order.poll();
      }
      if (first != null) {
        left.merge(first, -1, Integer::sum);
      }
      return first;
    }
  }
}
