package io.flyball.base.log;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Appends lines to a file that is opened for each: lines are few, and the file may be rotated away
 * at any time. What cannot be written goes to another log.
 */
final class LogFile implements Consumer<String> {
  private final Path file;
  private final Log fallback;

  LogFile(Path file, Log fallback) {
    this.file = file.toAbsolutePath();
    this.fallback = fallback;
  }

  @Override
  public void accept(String line) {
    try {
      append(line);
    } catch (IOException | SecurityException e) {
      String message = "log file " + file + " cannot be written, lines go to standard error";
      if (fallback.isFirst("log file")) {
        fallback.log(Level.ERROR, message + " (" + reason(e) + ")");
      }
      fallback.writeLine(line);
    }
  }

  private static String reason(Exception e) {
    String said = e instanceof FileSystemException ? ((FileSystemException) e).getReason() : null;
    return said == null ? e.getClass().getSimpleName() : said;
  }

  private void append(String line) throws IOException {
    // Its owner's alone: it tells the console's token.
    try (AppendedFile out = AppendedFile.open(file)) {
      out.write((line + System.lineSeparator()).getBytes(StandardCharsets.UTF_8));
    }
  }
}
