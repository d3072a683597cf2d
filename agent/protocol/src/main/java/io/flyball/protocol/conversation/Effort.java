package io.flyball.protocol.conversation;

import java.util.Locale;

/**
 * How much the model should think before it answers; the providers' scales are alike, not equal.
 */
enum Effort {
  NONE,
  MINIMAL,
  LOW,
  MEDIUM,
  HIGH,
  XHIGH,
  MAX;

  /** Null when there is no such word. */
  static Effort named(String word) {
    for (Effort effort : values()) {
      if (effort.name().equalsIgnoreCase(word)) {
        return effort;
      }
    }
    return null;
  }

  /**
   * @param tokens of thinking; 0 is none, negative leaves it to the model
   * @return null when it is left to the model
   */
  static Effort ofBudget(long tokens) {
    if (tokens <= 0) {
      return tokens == 0 ? NONE : null;
    }
    return tokens <= 2048 ? LOW : tokens <= 8192 ? MEDIUM : HIGH;
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Effort atLeast(Effort least) {
    return compareTo(least) < 0 ? least : this;
  }

  Effort atMost(Effort most) {
    return compareTo(most) > 0 ? most : this;
  }
}
