package io.flyball.settings;

import java.util.Objects;

/** One thing that is wrong with the configuration, in words fit to be shown. Immutable. */
public final class ConfigProblem {
  private final String place;
  private final String message;

  /**
   * @param place the source, with line and column for a file
   * @param message names the property; never holds a secret
   */
  public ConfigProblem(String place, String message) {
    this.place = onOneLine(Objects.requireNonNull(place, "place"));
    this.message = onOneLine(Objects.requireNonNull(message, "message"));
  }

  /** What a user wrote, with its line breaks and other unseen characters as escapes. */
  public static String onOneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              if (isSeen(c)) {
                line.appendCodePoint(c);
              } else {
                line.append(c == '\n' ? "\\n" : String.format("\\u%04x", c));
              }
            });
    return line.toString();
  }

  private static boolean isSeen(int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL:
      case Character.FORMAT:
      case Character.LINE_SEPARATOR:
      case Character.PARAGRAPH_SEPARATOR:
        return false;
      default:
        return true;
    }
  }

  /** For example {@code -Dflyball.mode}, {@code /etc/flyball.yaml:3:9}. */
  public String place() {
    return place;
  }

  /** Names the property, the bad value unless it may be a secret, and what would be right. */
  public String message() {
    return message;
  }

  @Override
  public String toString() {
    return place + ": " + message;
  }
}
