package io.flyball.engine.attribute;

import java.lang.StackWalker.StackFrame;
import java.util.Iterator;
import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/** Finds a frame in this thread's stack without looking at the frames outside it. */
final class StackFrames {
  private static final StackWalker WALKER = StackWalker.getInstance();

  private StackFrames() {}

  /**
   * What is made of the innermost frame whose class is accepted, or null.
   *
   * @param accepted asked with the class name of every frame, from the innermost outwards
   * @param place makes it from the names of the class and the method
   */
  static String first(Predicate<String> accepted, BinaryOperator<String> place) {
    return WALKER.walk(
        frames -> {
          for (Iterator<StackFrame> all = frames.iterator(); all.hasNext(); ) {
            StackFrame frame = all.next();
            if (accepted.test(frame.getClassName())) {
              return place.apply(frame.getClassName(), frame.getMethodName());
            }
          }
          return null;
        });
  }
}
