package io.flyball.twin;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * The numbers that a case is made of. A case is a function of them, so that it can be made again and
 * made smaller: 0 is always the simplest choice, and what lies behind the end of a given list is 0.
 */
final class Choices {
  private final SplittableRandom random;
  private final int[] given;
  private int[] taken = new int[64];
  private int count;

  private Choices(SplittableRandom random, int[] given) {
    this.random = random;
    this.given = given;
  }

  /** Those of one case of a seed. */
  static Choices random(long seed, int index) {
    return new Choices(
        new SplittableRandom(seed * 0x9E3779B97F4A7C15L + index * 0xBF58476D1CE4E5B9L), null);
  }

  /** Known ones. */
  static Choices of(int[] given) {
    return new Choices(null, given.clone());
  }

  /** A number from 0 to n - 1. */
  int below(int n) {
    int value;
    if (random != null) {
      value = random.nextInt(n);
    } else {
      value = count < given.length ? Math.floorMod(given[count], n) : 0;
    }
    if (count == taken.length) {
      taken = Arrays.copyOf(taken, count * 2);
    }
    taken[count++] = value;
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

  /** What was chosen so far, as {@link #of} takes it. */
  int[] taken() {
    return Arrays.copyOf(taken, count);
  }
}
