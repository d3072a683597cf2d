package io.flyball.engine.attribute;

import java.util.function.Predicate;

/** Finds a frame in this thread's stack without looking at the frames outside it. */
final class StackFrames {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private StackFrames() {}

  /**
   * The innermost frame whose class is accepted, as {@code class#method}, or null.
   *
   * @param accepted asked with the class name of every frame, from the innermost outwards
   */
  static String first(Predicate<String> accepted) {
    return WALKER.walk(
        frames ->
            frames
                .filter(frame -> accepted.test(frame.getClassName()))
                .findFirst()
                .map(frame -> frame.getClassName() + '#' + frame.getMethodName())
                .orElse(null));
  }
}
