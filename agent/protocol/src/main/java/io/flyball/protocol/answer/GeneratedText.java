package io.flyball.protocol.answer;

import io.flyball.protocol.json.JsonValue;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The text of an answer, each of its parts by itself. A stream may tell several by turns (choices,
 * tool calls, reasoning beside the answer), and pieces of one among pieces of another would be
 * words of nobody, in which no secret can be found.
 *
 * <p>What a piece belongs to may be said behind it, as Gemini does: pieces wait until it is known.
 * Not thread safe.
 */
final class GeneratedText {
  /** More of them are not kept: they would cost more than their text. */
  private static final int MOST_PARTS = 1_024;

  private final int limit;
  private final Map<Part, StringBuilder> parts = new LinkedHashMap<>();
  private int kept;

  /** The part that came last; mostly it is the one that comes next. */
  private Part last;

  private StringBuilder lastText;

  private final StringBuilder waiting = new StringBuilder();
  private String[] kinds = new String[2];
  private long[] items = new long[2];
  private int[] ends = new int[2];
  private int pieces;

  /**
   * @param limit characters kept of all parts together
   */
  GeneratedText(int limit) {
    this.limit = limit;
  }

  /**
   * @param kind what is said there, as the API calls it
   */
  void add(String kind, JsonValue value) {
    int before = waiting.length();
    value.appendTo(waiting, limit - kept);
    if (waiting.length() == before) {
      return;
    }
    if (pieces == ends.length) {
      kinds = Arrays.copyOf(kinds, pieces * 2);
      items = Arrays.copyOf(items, pieces * 2);
      ends = Arrays.copyOf(ends, pieces * 2);
    }
    kinds[pieces] = kind;
    items[pieces] = 0;
    ends[pieces++] = waiting.length();
  }

  /** How many pieces wait. */
  int waiting() {
    return pieces;
  }

  /** The pieces from there on are of this item (a tool call, a block) within their choice. */
  void ofItem(int from, long item) {
    Arrays.fill(items, Math.min(from, pieces), pieces, item);
  }

  /** All that wait are of this choice. */
  void ofChoice(long choice) {
    int from = 0;
    for (int i = 0; i < pieces; i++) {
      append(choice, items[i], kinds[i], from, ends[i]);
      from = ends[i];
    }
    pieces = 0;
    waiting.setLength(0);
  }

  private void append(long choice, long item, String kind, int from, int to) {
    if (last == null || !last.is(choice, item, kind)) {
      Part part = new Part(choice, item, kind);
      StringBuilder text = parts.get(part);
      if (text == null) {
        if (parts.size() == MOST_PARTS) {
          return;
        }
        text = new StringBuilder();
        parts.put(part, text);
      }
      last = part;
      lastText = text;
    }
    lastText.append(waiting, from, to);
    kept += to - from;
  }

  /** All parts as they began, a line break between them; null when there are none. */
  String text() {
    ofChoice(0);
    if (parts.size() <= 1) {
      return last == null ? null : lastText.toString();
    }
    StringBuilder all = new StringBuilder(kept + parts.size());
    for (StringBuilder part : parts.values()) {
      all.append(all.length() == 0 ? "" : "\n").append(part);
    }
    return all.toString();
  }

  private static final class Part {
    final long choice;
    final long item;
    final String kind;

    Part(long choice, long item, String kind) {
      this.choice = choice;
      this.item = item;
      this.kind = kind;
    }

    boolean is(long otherChoice, long otherItem, String otherKind) {
      return choice == otherChoice && item == otherItem && Objects.equals(kind, otherKind);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Part
          && is(((Part) other).choice, ((Part) other).item, ((Part) other).kind);
    }

    @Override
    public int hashCode() {
      return Objects.hash(choice, item, kind);
    }
  }
}
