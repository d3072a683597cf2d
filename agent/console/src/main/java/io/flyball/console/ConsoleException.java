package io.flyball.console;

/** Why the console could not be opened, in words for the user. The application runs on. */
public final class ConsoleException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ConsoleException(String message, Throwable cause) {
    super(message, cause);
  }
}
