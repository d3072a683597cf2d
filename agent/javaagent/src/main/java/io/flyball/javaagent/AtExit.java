package io.flyball.javaagent;

/** What is done when the JVM ends. */
final class AtExit {

  private AtExit() {}

  /**
   * Does that then. Not where the JVM is ending already, which is no reason not to govern the calls
   * that are made meanwhile; what has been recorded by then and not told is lost.
   */
  static void run(String name, Runnable work) {
    try {
      Runtime.getRuntime().addShutdownHook(new Thread(work, name));
    } catch (IllegalStateException ending) {
      // There is nobody to do it.
    }
  }
}
