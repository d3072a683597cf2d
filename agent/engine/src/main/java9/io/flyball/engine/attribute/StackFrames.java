package io.flyball.engine.attribute;

import java.lang.StackWalker.StackFrame;
import java.util.Collections;
import java.util.Iterator;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * Finds a frame in this thread's stack without looking at the frames outside it. The JDK reads
 * frames in batches that grow, and allocates each batch whole; so it is told how many there were to
 * read the last time.
 */
final class StackFrames {
  /** For 8, 16, 32, 64 and 128 frames. */
  private static final StackWalker[] WALKERS = walkers();

  private static final int SMALLEST = 3;

  /** Of {@link #WALKERS}; a hint, so threads may race for it. */
  private static int usual;

  private StackFrames() {}

  /**
   * What is made of the innermost frame whose class is accepted, or null.
   *
   * @param accepted asked with the class name of every frame, from the innermost outwards
   * @param place makes it from the names of the class and the method
   */
  static String first(Predicate<String> accepted, BinaryOperator<String> place) {
    return WALKERS[usual].walk(
        frames -> {
          int looked = 0;
          for (Iterator<StackFrame> all = frames.iterator(); all.hasNext(); ) {
            StackFrame frame = all.next();
            looked++;
            if (accepted.test(frame.getClassName())) {
              usual = walkerFor(looked);
              return place.apply(frame.getClassName(), frame.getMethodName());
            }
          }
          return null;
        });
  }

  private static StackWalker[] walkers() {
    StackWalker[] walkers = new StackWalker[5];
    for (int i = 0; i < walkers.length; i++) {
      walkers[i] = StackWalker.getInstance(Collections.emptySet(), 1 << (SMALLEST + i));
    }
    return walkers;
  }

  private static int walkerFor(int frames) {
    int doublings = Integer.SIZE - Integer.numberOfLeadingZeros(frames - 1);
    return Math.max(0, Math.min(doublings - SMALLEST, WALKERS.length - 1));
  }
}
