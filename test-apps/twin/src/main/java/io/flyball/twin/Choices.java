package io.flyball.twin;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * The numbers that a case is made of. A case is a function of them, so that it can be made again
 * and made smaller: 0 is always the simplest choice, and what lies behind the end of a given list
 * is 0. Parts of a case that do not depend on each other have lists of their own.
 */
final class Choices {
  private final SplittableRandom random;
  private final List<int[]> given;

  /** All lists of the case, in the order they were begun. */
  private final List<int[]> taken;

  private final int list;
  private int count;

  private Choices(SplittableRandom random, List<int[]> given, List<int[]> taken) {
    this.random = random;
    this.given = given;
    this.taken = taken;
    this.list = taken.size();
    taken.add(new int[0]);
  }

  /** Those of one case of a seed. */
  static Choices random(long seed, int index) {
    long mixed = seed * 0x9E3779B97F4A7C15L + index * 0xBF58476D1CE4E5B9L;
    return new Choices(new SplittableRandom(mixed), null, new ArrayList<>());
  }

  /** Known ones. */
  static Choices of(List<int[]> given) {
    return new Choices(null, given, new ArrayList<>());
  }

  /** As {@link #text} writes them. */
  static Choices parse(String text) {
    List<int[]> lists = new ArrayList<>();
    for (String list : text.split("/", -1)) {
      lists.add(
          list.isEmpty()
              ? new int[0]
              : Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray());
    }
    return of(lists);
  }

  /** The next list. */
  Choices fork() {
    return new Choices(random == null ? null : random.split(), given, taken);
  }

  /** A number from 0 to n - 1. */
  int below(int n) {
    int value;
    if (random != null) {
      value = random.nextInt(n);
    } else {
      int[] mine = list < given.size() ? given.get(list) : new int[0];
      value = count < mine.length ? Math.floorMod(mine[count], n) : 0;
    }
    int[] before = taken.get(list);
    if (count == before.length) {
      before = Arrays.copyOf(before, count + 1);
      taken.set(list, before);
    }
    before[count++] = value;
    return value;
  }

  /** True in that many of a hundred cases; false is simpler. */
  boolean chance(int percent) {
    return below(100) >= 100 - percent;
  }

  /** One of these; the first is the simplest. */
  @SafeVarargs
  final <T> T pick(T... values) {
    return values[below(values.length)];
  }

  <T> T pick(List<T> values) {
    return values.get(below(values.size()));
  }

  /** What was chosen so far, without zeros at the ends of lists. */
  List<int[]> taken() {
    List<int[]> trimmed = new ArrayList<>();
    for (int[] one : taken) {
      int length = one.length;
      while (length > 0 && one[length - 1] == 0) {
        length--;
      }
      trimmed.add(Arrays.copyOf(one, length));
    }
    while (trimmed.size() > 1 && trimmed.get(trimmed.size() - 1).length == 0) {
      trimmed.remove(trimmed.size() - 1);
    }
    return trimmed;
  }

  /** Lists of choices for a command line. */
  static String text(List<int[]> choices) {
    return choices.stream()
        .map(list -> Arrays.stream(list).mapToObj(String::valueOf).collect(Collectors.joining(",")))
        .collect(Collectors.joining("/"));
  }
}
