package io.flyball.agent;

/** What the user of a command is told; the command then ends with status 2. */
final class UsageException extends Exception {
  private static final long serialVersionUID = 1;

  UsageException(String message) {
    super(message);
  }
}
