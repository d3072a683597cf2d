package io.flyball.engine.call;

import java.util.Objects;
import java.util.function.BinaryOperator;

/**
 * Something that a stage may note on a call, and what becomes of it: the field that it has in event
 * files and in the console, and how several of one call make one. Declared once, by whoever notes
 * it; nobody who reports calls knows it. Immutable, equal to itself alone.
 *
 * @param <T> String, Boolean, Long or Double
 */
public final class Note<T> {
  private final String field;
  private final BinaryOperator<T> merge;

  private Note(String field, BinaryOperator<T> merge) {
    this.field = field;
    this.merge = merge;
  }

  /** The first word counts. */
  public static Note<String> word(String field) {
    return new Note<>(named(field), (first, next) -> first);
  }

  /** It is so once anybody has noted it. */
  public static Note<Boolean> flag(String field) {
    return new Note<>(named(field), (first, next) -> first || next);
  }

  /** What is noted is added; it saturates. */
  public static Note<Long> sum(String field) {
    return new Note<>(
        named(field),
        (first, next) -> {
          long sum = first + next;
          return ((first ^ sum) & (next ^ sum)) < 0 ? Long.MAX_VALUE : sum;
        });
  }

  /** The same of a number that may have a fraction. */
  public static Note<Double> amount(String field) {
    return new Note<>(named(field), Double::sum);
  }

  private static String named(String field) {
    return Objects.requireNonNull(field, "field");
  }

  /** In event files and the console: snake_case, no other's. */
  public String field() {
    return field;
  }

  T merged(T first, T next) {
    return merge.apply(first, next);
  }

  @Override
  public String toString() {
    return field;
  }
}
