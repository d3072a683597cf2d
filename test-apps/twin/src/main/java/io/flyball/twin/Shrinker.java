package io.flyball.twin;

import java.util.Arrays;

/** Makes a case smaller as long as the law breaks in the same way. */
final class Shrinker {
  private static final int TRIALS = 160;
  private static final long TIME_NS = 25_000_000_000L;

  private final Trial trial;
  private final Cases cases;
  private final String kind;
  private final long begun = System.nanoTime();
  private Trial.Result smallest;
  private int trials;

  Shrinker(Trial trial, Cases cases, Trial.Result broken, String kind) {
    this.trial = trial;
    this.cases = cases;
    this.smallest = broken;
    this.kind = kind;
  }

  Trial.Result shrink() throws InterruptedException {
    boolean better = true;
    while (better && mayTry()) {
      better = false;
      for (int block = smallest.made().choices().length; block >= 1 && mayTry(); block /= 2) {
        for (int from = 0; from < smallest.made().choices().length && mayTry(); from += block) {
          better |= zero(from, block) || remove(from, block) || block == 1 && halve(from);
        }
      }
    }
    return smallest;
  }

  private boolean mayTry() {
    return trials < TRIALS && System.nanoTime() - begun < TIME_NS;
  }

  private boolean zero(int from, int block) throws InterruptedException {
    int[] choices = smallest.made().choices().clone();
    Arrays.fill(choices, from, Math.min(choices.length, from + block), 0);
    return attempt(choices);
  }

  private boolean remove(int from, int block) throws InterruptedException {
    int[] choices = smallest.made().choices();
    int to = Math.min(choices.length, from + block);
    if (from >= choices.length) {
      return false;
    }
    int[] shorter = new int[choices.length - (to - from)];
    System.arraycopy(choices, 0, shorter, 0, from);
    System.arraycopy(choices, to, shorter, from, choices.length - to);
    return attempt(shorter);
  }

  private boolean halve(int at) throws InterruptedException {
    int[] choices = smallest.made().choices().clone();
    if (at >= choices.length || choices[at] < 2) {
      return false;
    }
    choices[at] /= 2;
    return attempt(choices);
  }

  private boolean attempt(int[] choices) throws InterruptedException {
    if (!mayTry()) {
      return false;
    }
    TwinCase smaller = cases.make(Choices.of(choices));
    if (!isSimpler(smaller.choices(), smallest.made().choices())) {
      return false;
    }
    trials++;
    Trial.Result result = trial.run(smaller);
    if (!result.breaks(kind)) {
      return false;
    }
    smallest = result;
    return true;
  }

  /** Fewer choices, or the first that is different is lower. */
  private static boolean isSimpler(int[] one, int[] other) {
    if (one.length != other.length) {
      return one.length < other.length;
    }
    return Arrays.compare(one, other) < 0;
  }
}
