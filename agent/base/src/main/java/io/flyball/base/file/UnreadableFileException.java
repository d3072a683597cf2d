package io.flyball.base.file;

import java.io.IOException;

/**
 * A file cannot be read. The message goes on from the file's name, says why and never quotes what
 * is in it.
 */
public final class UnreadableFileException extends IOException {
  private static final long serialVersionUID = 1L;

  UnreadableFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
