package io.flyball.engine.price;

/** A price file that cannot be read; the message names the file, the path in it and the line. */
public final class PriceFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  PriceFileException(String message, Throwable cause) {
    super(message, cause);
  }
}
