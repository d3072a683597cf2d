package io.flyball.engine.content;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Finds many words at once in one pass over a text, large letters like small ones (Aho and
 * Corasick). What a word leads to is a number. Built once, then immutable.
 */
final class Words {
  private static final int ASCII = 128;
  private static final char FULL_WIDTH_AT = 0xFF20;
  private static final int[] NONE = new int[0];

  private final byte[] classes = new byte[ASCII];
  private final List<int[]> growing = new ArrayList<>();
  private final List<List<Integer>> growingEnds = new ArrayList<>();
  private int width = 1;
  private short[] next;
  private int[][] ends;

  Words() {
    growing.add(new int[ASCII]);
    growingEnds.add(new ArrayList<>());
  }

  /**
   * @param word ASCII, in small letters
   * @param number what {@link #endsAt} says where it ends
   */
  void add(String word, int number) {
    int state = 0;
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      if (classes[c] == 0) {
        classes[c] = (byte) width++;
      }
      int[] row = growing.get(state);
      if (row[classes[c]] == 0) {
        row[classes[c]] = growing.size();
        growing.add(new int[ASCII]);
        growingEnds.add(new ArrayList<>());
      }
      state = row[classes[c]];
    }
    growingEnds.get(state).add(number);
  }

  /** No more words come. */
  Words built() {
    int states = growing.size();
    next = new short[states * width];
    int[] shorter = new int[states];
    Deque<Integer> waiting = new ArrayDeque<>();
    waiting.add(0);
    while (!waiting.isEmpty()) {
      int state = waiting.remove();
      int[] row = growing.get(state);
      for (int c = 0; c < width; c++) {
        int other = state == 0 ? 0 : next[shorter[state] * width + c];
        int to = row[c];
        next[state * width + c] = (short) (to == 0 ? other : to);
        if (to != 0) {
          shorter[to] = other;
          growingEnds.get(to).addAll(growingEnds.get(other));
          waiting.add(to);
        }
      }
    }
    for (char c = 'A'; c <= 'Z'; c++) {
      classes[c] = classes[c + 32];
    }
    ends = new int[states][];
    for (int i = 0; i < states; i++) {
      List<Integer> numbers = growingEnds.get(i);
      ends[i] = numbers.isEmpty() ? NONE : numbers.stream().mapToInt(each -> each).toArray();
    }
    growing.clear();
    growingEnds.clear();
    return this;
  }

  /** The state behind a character; 0 is that of the beginning. */
  int step(int state, char c) {
    char plain = c == FULL_WIDTH_AT ? '@' : c;
    return plain < ASCII ? next[state * width + classes[plain]] : 0;
  }

  /** Numbers of the words that end in this state. */
  int[] endsAt(int state) {
    return ends[state];
  }
}
