package io.flyball.engine.attribute;

import java.util.function.Predicate;

/**
 * Finds a frame in this thread's stack. This is the way of Java 8; on 9 and later the class of the
 * same name under {@code META-INF/versions/9} walks the stack only as far as needed.
 */
final class StackFrames {

  private StackFrames() {}

  /**
   * The innermost frame whose class is accepted, as {@code class#method}, or null.
   *
   * @param accepted asked with the class name of every frame, from the innermost outwards
   */
  static String first(Predicate<String> accepted) {
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (accepted.test(frame.getClassName())) {
        return frame.getClassName() + '#' + frame.getMethodName();
      }
    }
    return null;
  }
}
