package io.flyball.engine.attribute;

import java.util.function.BinaryOperator;
import java.util.function.Predicate;

/**
 * Finds a frame in this thread's stack. This is the way of Java 8; on 9 and later the class of the
 * same name under {@code META-INF/versions/9} walks the stack only as far as needed.
 */
final class StackFrames {

  private StackFrames() {}

  /**
   * What is made of the innermost frame whose class is accepted, or null.
   *
   * @param accepted asked with the class name of every frame, from the innermost outwards
   * @param place makes it from the names of the class and the method
   */
  static String first(Predicate<String> accepted, BinaryOperator<String> place) {
    for (StackTraceElement frame : new Throwable().getStackTrace()) {
      if (accepted.test(frame.getClassName())) {
        return place.apply(frame.getClassName(), frame.getMethodName());
      }
    }
    return null;
  }
}
