package io.flyball.engine.config;

import java.util.regex.Pattern;

/**
 * What runs in this JVM, by {@code sun.java.command}: the main class (a class of a module as {@code
 * module/class}) or the path of the jar, then the program's own arguments.
 */
final class Program {
  /**
   * What build tools put behind a name: numbers with dots between them, or one and {@code
   * SNAPSHOT}, and what says how good they are. Not {@code -2}, which may tell two programs apart,
   * and no classifier.
   */
  private static final Pattern VERSION =
      Pattern.compile(
          "-v?\\d++(?:(?:\\.\\d++)++|(?=[.-]snapshot))"
              + "(?:[.-](?:snapshot|release|final|ga|(?:alpha|beta|rc|cr|m|sp)(?:[.-]?\\d++)?+"
              + "|\\d++(?:\\.\\d++)*+))*+$",
          Pattern.CASE_INSENSITIVE);

  private final String whole;
  private final boolean isJar;

  private Program(String whole, boolean isJar) {
    this.whole = whole;
    this.isJar = isJar;
  }

  /**
   * @param command may be empty
   */
  static Program of(String command) {
    int space = command.indexOf(' ');
    int jar = command.indexOf(".jar");
    boolean path = command.startsWith("/") || command.startsWith(".") || command.contains(":\\");
    // Only a path may have a space in it before its end.
    if (jar >= 0 && (space < 0 || jar < space || path)) {
      String file = command.substring(0, jar).replace('\\', '/');
      return new Program(file.substring(file.lastIndexOf('/') + 1), true);
    }
    String main = space < 0 ? command : command.substring(0, space);
    return new Program(main.substring(main.lastIndexOf('/') + 1), false);
  }

  /** What people call it: the class without its package, or the jar without folder and ending. */
  String name() {
    return isJar ? whole : whole.substring(whole.lastIndexOf('.') + 1);
  }

  /**
   * What it is from one release to the next and no other program is: the class with its package, or
   * the jar without its version.
   */
  String identity() {
    String unversioned = isJar ? VERSION.matcher(whole).replaceFirst("") : whole;
    return unversioned.isEmpty() ? whole : unversioned;
  }
}
