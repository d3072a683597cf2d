package io.flyball.protocol.trim;

import io.flyball.protocol.json.JsonTree;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One message, item or content of a conversation. */
final class Entry {
  enum Kind {
    /** Holds for the whole conversation: a system prompt. */
    KEPT,
    /** Nobody knows what it is or leads to: neither it nor what stands before it can go. */
    FIXED,
    /** What the user said. */
    USER,
    /** What the model said or called. */
    MODEL,
    /** Results of tools, perhaps with more of the user's words. */
    RESULT
  }

  final JsonTree value;
  final Kind kind;
  final List<String> calls;
  final List<String> results;

  /** Whether the user's own words are in it. */
  final boolean userSpeaks;

  /** The last entry with a result of a call in this one; -1 when there is none. */
  int lastResult = -1;

  /**
   * The first entry with a call that has its result in this one; -1 when one has no call here, the
   * number of entries when this has no results.
   */
  int firstCall;

  Entry(JsonTree value, Kind kind, List<String> calls, List<String> results, boolean userSpeaks) {
    this.value = value;
    this.kind = kind;
    this.calls = calls;
    this.results = results;
    this.userSpeaks = userSpeaks;
  }

  /** Finds the call of every result: the last one before it with its name. */
  static void match(List<Entry> entries) {
    Map<String, Integer> latest = new HashMap<>();
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      entry.firstCall = entries.size();
      for (String result : entry.results) {
        Integer call = latest.get(result);
        entry.firstCall = Math.min(entry.firstCall, call == null ? -1 : call);
        if (call != null) {
          entries.get(call).lastResult = i;
        }
      }
      for (String call : entry.calls) {
        latest.put(call, i);
      }
    }
  }
}
