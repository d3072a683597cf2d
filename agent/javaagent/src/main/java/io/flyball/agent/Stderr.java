package io.flyball.agent;

/** What is said before there is a log. */
final class Stderr {
  private Stderr() {}

  @SuppressWarnings("SystemOut")
  static void line(String message) {
    System.err.println("flyball: " + message);
  }
}
