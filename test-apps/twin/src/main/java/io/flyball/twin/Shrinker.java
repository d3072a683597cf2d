package io.flyball.twin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Makes a case smaller as long as the law breaks in the same way. */
final class Shrinker {
  private static final int TRIALS = 250;
  private static final long TIME_NS = 40_000_000_000L;

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
    calls();
    boolean better = true;
    while (better && mayTry()) {
      better = false;
      for (int list = 0; list < choices().size() && mayTry(); list++) {
        better |= replace(list, new int[0]);
        for (int block = length(list); block >= 1 && mayTry(); block /= 2) {
          for (int from = 0; from < length(list) && mayTry(); from += block) {
            better |= zero(list, from, block) || remove(list, from, block);
          }
        }
        for (int at = 0; at < length(list) && mayTry(); at++) {
          better |= lower(list, at);
        }
      }
    }
    return smallest;
  }

  /** The broken call alone, or with those before it. */
  private void calls() throws InterruptedException {
    int broken =
        smallest.breaks().stream().filter(one -> one.kind().equals(kind)).findFirst().get().call();
    List<int[]> all = choices();
    if (smallest.made().calls().size() > 1 && !attempt(Cases.only(all, broken, broken))) {
      attempt(Cases.only(all, 0, broken));
      for (int first = 1; first < broken; first++) {
        attempt(Cases.only(all, first, broken));
      }
    }
  }

  private List<int[]> choices() {
    return smallest.made().choices();
  }

  private int length(int list) {
    return list < choices().size() ? choices().get(list).length : 0;
  }

  private boolean mayTry() {
    return trials < TRIALS && System.nanoTime() - begun < TIME_NS;
  }

  private boolean replace(int list, int[] by) throws InterruptedException {
    List<int[]> choices = new ArrayList<>(choices());
    choices.set(list, by);
    return attempt(choices);
  }

  private boolean zero(int list, int from, int block) throws InterruptedException {
    int[] changed = choices().get(list).clone();
    Arrays.fill(changed, from, Math.min(changed.length, from + block), 0);
    return replace(list, changed);
  }

  private boolean remove(int list, int from, int block) throws InterruptedException {
    int[] before = choices().get(list);
    if (from >= before.length) {
      return false;
    }
    int to = Math.min(before.length, from + block);
    int[] shorter = new int[before.length - (to - from)];
    System.arraycopy(before, 0, shorter, 0, from);
    System.arraycopy(before, to, shorter, from, before.length - to);
    return replace(list, shorter);
  }

  private boolean lower(int list, int at) throws InterruptedException {
    int[] changed = choices().get(list).clone();
    if (changed[at] == 0) {
      return false;
    }
    changed[at] /= 2;
    if (replace(list, changed)) {
      return true;
    }
    if (at < length(list) && choices().get(list)[at] > 1) {
      changed = choices().get(list).clone();
      changed[at]--;
      return replace(list, changed);
    }
    return false;
  }

  private boolean attempt(List<int[]> choices) throws InterruptedException {
    if (!mayTry()) {
      return false;
    }
    TwinCase smaller = cases.make(Choices.of(choices));
    if (!isSimpler(smaller.choices(), choices())) {
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

  /** Fewer choices in all, or as many and the first that is different is lower. */
  private static boolean isSimpler(List<int[]> one, List<int[]> other) {
    int ones = one.stream().mapToInt(list -> list.length).sum();
    int others = other.stream().mapToInt(list -> list.length).sum();
    if (ones != others || one.size() != other.size()) {
      return ones < others || ones == others && one.size() < other.size();
    }
    for (int i = 0; i < one.size(); i++) {
      int order = Arrays.compare(one.get(i), other.get(i));
      if (order != 0) {
        return order < 0;
      }
    }
    return false;
  }
}
