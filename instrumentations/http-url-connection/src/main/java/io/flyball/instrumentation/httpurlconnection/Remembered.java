package io.flyball.instrumentation.httpurlconnection;

import java.io.IOException;

/**
 * Why there is no stream to read. Told the way the JDK does: the first time the exception itself,
 * then new ones like it with it as their cause.
 */
final class Remembered {
  private final Exception failure;
  private boolean told;

  /**
   * @param failure an IOException or a RuntimeException
   */
  Remembered(Exception failure) {
    this.failure = failure;
  }

  /** Never returns; the return type lets the caller write {@code throw}. */
  IOException tell() throws IOException {
    if (told) {
      if (failure instanceof RuntimeException) {
        throw new RuntimeException(failure);
      }
      throw another((IOException) failure);
    }
    told = true;
    if (failure instanceof RuntimeException) {
      throw (RuntimeException) failure;
    }
    throw (IOException) failure;
  }

  private static IOException another(IOException failure) {
    try {
      IOException like =
          failure.getClass().getConstructor(String.class).newInstance(failure.getMessage());
      like.initCause(failure);
      return like;
    } catch (ReflectiveOperationException | RuntimeException noSuchConstructor) {
      return failure;
    }
  }
}
