package io.flyball.base.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * The process's own standard error. Not {@link System#err}: the application may have put a stream
 * there that ends in its logging, and so in a call of its own.
 */
final class StandardError implements Consumer<String> {
  private final OutputStream stream = new FileOutputStream(FileDescriptor.err);

  @Override
  public void accept(String line) {
    try {
      stream.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      // Closed by whoever started the process: there is nobody to tell.
    }
  }
}
