package io.flyball.engine.config;

import java.io.File;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What runs in this JVM, by {@code sun.java.command}: the main class (a class of a module as {@code
 * module/class}) or the path of the jar, then the program's own arguments. Nothing is quoted there;
 * where the path of the jar ends tells the class path, which begins with it.
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

  /** What a program that is one file ends in; or that, and what tells a copy of it. */
  private static final String ENDING = "\\.[jw]ar(?:\\.\\w++)?+";

  private static final Pattern AT_THE_END = Pattern.compile(ENDING + '$', Pattern.CASE_INSENSITIVE);

  private static final Pattern BEFORE_THE_ARGUMENTS =
      Pattern.compile(ENDING + "(?= |$)", Pattern.CASE_INSENSITIVE);

  private final String whole;
  private final boolean isJar;
  private final String former;

  private Program(String whole, boolean isJar, String former) {
    this.whole = whole;
    this.isJar = isJar;
    this.former = former;
  }

  /**
   * @param command may be empty
   * @param classPath {@code java.class.path}, behind which agents may stand; may be empty
   * @param separator between its parts
   */
  static Program of(String command, String classPath, String separator) {
    String path = jarOf(command, classPath, separator);
    if (path == null) {
      int space = command.indexOf(' ');
      String main = space < 0 ? command : command.substring(0, space);
      String name = main.substring(main.lastIndexOf('/') + 1);
      return new Program(name, false, withoutPackage(name));
    }
    String file = path.substring(path.replace('\\', '/').lastIndexOf('/') + 1);
    String bare = AT_THE_END.matcher(file).replaceFirst("");
    String name = bare.isEmpty() ? file : bare;
    // What did not end in that was no jar to earlier versions, and they left the ending.
    return new Program(name, true, file.contains(".jar") ? name : file);
  }

  private static String jarOf(String command, String classPath, String separator) {
    int end = classPath.length();
    while (end > 0) {
      String path = classPath.substring(0, end);
      if (begins(command, path) && (AT_THE_END.matcher(path).find() || new File(path).isFile())) {
        return path;
      }
      end = classPath.lastIndexOf(separator, end - 1);
    }
    return looksLikeJar(command);
  }

  private static boolean begins(String command, String path) {
    return command.startsWith(path)
        && (command.length() == path.length() || command.charAt(path.length()) == ' ');
  }

  /** Where the class path does not tell: only an absolute path may have a blank in it. */
  private static String looksLikeJar(String command) {
    Matcher ending = BEFORE_THE_ARGUMENTS.matcher(command);
    if (!ending.find()) {
      return null;
    }
    String path = command.substring(0, ending.end());
    boolean absolute = path.startsWith("/") || path.startsWith(".") || path.contains(":\\");
    return absolute || path.indexOf(' ') < 0 ? path : null;
  }

  /** What people call it: the class without its package, or the jar without folder and ending. */
  String name() {
    return isJar ? whole : withoutPackage(whole);
  }

  private static String withoutPackage(String name) {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /**
   * What it is from one release to the next and no other program is: the class with its package, or
   * the jar without its version.
   */
  String identity() {
    String unversioned = isJar ? VERSION.matcher(whole).replaceFirst("") : whole;
    return unversioned.isEmpty() ? whole : unversioned;
  }

  /** What earlier versions of Flyball called it; it may be the same. */
  String former() {
    return former;
  }
}
