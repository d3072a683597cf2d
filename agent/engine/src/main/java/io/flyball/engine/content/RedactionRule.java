package io.flyball.engine.content;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One block of {@code redaction-rules.txt}: a kind of secret and what comes in its place. */
final class RedactionRule {
  private static final int DENSE = 12;

  private final String name;
  private final String replacement;
  private final int place;
  private final List<String> words = new ArrayList<>();
  private final List<String> rows = new ArrayList<>();
  private final List<String> patterns = new ArrayList<>();
  private String recogniser;
  private String check;
  private boolean anyCase;

  /**
   * @param place from 0, the upper rules before the lower ones
   */
  RedactionRule(String name, String replacement, int place) {
    this.name = name;
    this.replacement = replacement;
    this.place = place;
  }

  /** One line of the block. */
  void line(String key, String value) {
    switch (key) {
      case "words":
        for (String word : value.split(" ")) {
          words.add(word.replace("\\s", " "));
        }
        break;
      case "rows":
        Collections.addAll(rows, value.split(" "));
        break;
      case "shape":
        patterns.add(value);
        break;
      case "recogniser":
        recogniser = value;
        break;
      case "check":
        check = value;
        break;
      case "anycase":
        anyCase = true;
        break;
      default:
        throw new IllegalArgumentException(name + ": " + key);
    }
  }

  String name() {
    return name;
  }

  String replacement() {
    return replacement;
  }

  /** Where it stands among the rules. */
  int place() {
    return place;
  }

  /** In small letters; what the recogniser looks at the surroundings of. */
  List<String> words() {
    return words;
  }

  /** What the recogniser knows by heart. */
  List<String> rows() {
    return rows;
  }

  /** Null when this rule has shapes. */
  String recogniser() {
    return recogniser;
  }

  List<Shape> shapes() {
    List<Shape> shapes = new ArrayList<>();
    for (String pattern : patterns) {
      shapes.add(new Shape(pattern, anyCase));
    }
    return shapes;
  }

  /** Whether what has the right shape also has the characters that a random key has. */
  boolean accepts(CharSequence text, int start, int end) {
    if (check == null) {
      return true;
    }
    if (check.contains("dense") && !isDense(text, start, end)) {
      return false;
    }
    boolean digit = false;
    boolean small = false;
    boolean capital = false;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      digit |= c >= '0' && c <= '9';
      small |= c >= 'a' && c <= 'z';
      capital |= c >= 'A' && c <= 'Z';
    }
    return digit && (!check.contains("mixed") || (small && capital));
  }

  /** What is made of words has dashes between them: a row of twelve, or of all kinds, is none. */
  private static boolean isDense(CharSequence text, int start, int end) {
    int row = 0;
    int kinds = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (!Characters.isLetterOrDigit(c)) {
        row = 0;
        kinds = 0;
        continue;
      }
      row++;
      kinds |= Characters.isDigit(c) ? 1 : c >= 'a' ? 2 : 4;
      if (row == DENSE || kinds == 7) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return name;
  }
}
