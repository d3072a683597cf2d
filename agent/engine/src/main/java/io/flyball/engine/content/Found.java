package io.flyball.engine.content;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What was found in a text. Places are those of the view it was found in; {@link #in} says how they
 * become places of the text itself. Not thread safe.
 */
final class Found {
  private Unescaped view;
  private int[] starts = new int[8];
  private int[] ends = new int[8];
  private RedactionRule[] rules = new RedactionRule[8];
  private int count;

  /**
   * From now on finds are in this view.
   *
   * @param view null for the text itself
   */
  void in(Unescaped view) {
    this.view = view;
  }

  /**
   * @param start of its first character
   * @param end exclusive
   */
  void add(int start, int end, RedactionRule rule) {
    if (count == starts.length) {
      grow();
    }
    starts[count] = view == null ? start : view.origin(start);
    ends[count] = view == null ? end : view.origin(end);
    rules[count] = rule;
    count++;
  }

  boolean isEmpty() {
    return count == 0;
  }

  /**
   * The text with all of it replaced; what overlaps together, by the upper rule.
   *
   * @param to where the text is left, but for what has begun there
   * @param deepest where finds may begin and end, so that no escape is cut; null: anywhere
   */
  String replacedIn(String text, Unescaped deepest, int to) {
    if (deepest != null) {
      keepEscapesWhole(deepest);
    }
    JsonText json = JsonText.of(text);
    BareValues bare = json != null ? null : BareValues.of(text);
    long[] order = new long[count];
    for (int i = 0; i < count; i++) {
      order[i] = (long) starts[i] << 32 | i;
    }
    Arrays.sort(order);
    StringBuilder out = new StringBuilder(text.length());
    int copied = 0;
    int next = 0;
    while (next < count && starts[(int) order[next]] < to) {
      int first = (int) order[next];
      int end = ends[first];
      RedactionRule rule = rules[first];
      next++;
      while (next < count && starts[(int) order[next]] < end) {
        int other = (int) order[next];
        end = Math.max(end, ends[other]);
        rule = rules[other].place() < rule.place() ? rules[other] : rule;
        next++;
      }
      int start = starts[first];
      if (json != null) {
        copied = json.replace(text, out, copied, start, end, rule.replacement());
      } else if (bare != null && bare.isAt(start, end)) {
        out.append(text, copied, Math.max(copied, bare.start())).append('"');
        out.append(rule.replacement()).append('"');
        copied = bare.end();
        while (next < count && ends[(int) order[next]] <= copied) {
          next++;
        }
      } else {
        out.append(text, copied, Math.max(copied, start)).append(rule.replacement());
        copied = Math.max(copied, end);
      }
    }
    return out.append(text, copied, Math.max(copied, to)).toString();
  }

  /**
   * A find that begins within an escape begins behind it when the same was found without that
   * escape: the letter of a line break is no part of an address. Else it takes the escape along.
   */
  private void keepEscapesWhole(Unescaped deepest) {
    BitSet begun = new BitSet();
    for (int i = 0; i < count; i++) {
      begun.set(starts[i]);
    }
    for (int i = 0; i < count; i++) {
      int behind = deepest.characterFrom(starts[i]);
      starts[i] = begun.get(behind) ? behind : deepest.characterAt(starts[i]);
      ends[i] = deepest.characterFrom(ends[i]);
    }
  }

  private void grow() {
    starts = Arrays.copyOf(starts, count * 2);
    ends = Arrays.copyOf(ends, count * 2);
    rules = Arrays.copyOf(rules, count * 2);
  }
}
