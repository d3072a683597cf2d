package io.flyball.engine.event;

import io.flyball.base.log.AppendedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file of lines that is renamed to {@code .1}, {@code .2}... when it has grown to its size; the
 * oldest is deleted. Every line is written in one piece. What is no file of its own, as a device or
 * {@code /dev/stdout}, takes lines for ever. Not thread safe.
 */
final class RollingFile implements Closeable {
  private final Path path;
  private final long maxBytes;
  private final int files;
  private AppendedFile out;
  private long size;

  /**
   * @param files how many there are in all, one or more
   */
  RollingFile(Path path, long maxBytes, int files) {
    this.path = path;
    this.maxBytes = maxBytes;
    this.files = files;
  }

  /** Appends; after an exception the next call opens the file anew. */
  void append(byte[] line) throws IOException {
    try {
      if (out == null) {
        open();
      }
      if (out.isFile() && size > 0 && size + line.length > maxBytes) {
        roll();
      }
      out.write(line);
      size += line.length;
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void open() throws IOException {
    // Its owner's alone: events say who asked what for how much, and may hold content.
    out = AppendedFile.open(path);
    size = out.isFile() ? Files.size(path) : 0;
    if (!endsWithLine()) {
      out.write(new byte[] {'\n'});
      size++;
    }
  }

  /** A write that failed half-way, on a full disk say, leaves half a line. */
  private boolean endsWithLine() throws IOException {
    if (size == 0) {
      return true;
    }
    try (SeekableByteChannel channel = Files.newByteChannel(path, StandardOpenOption.READ)) {
      ByteBuffer last = ByteBuffer.allocate(1);
      channel.position(size - 1);
      return channel.read(last) < 1 || last.get(0) == '\n';
    }
  }

  private void roll() throws IOException {
    close();
    for (int number = files - 1; number > 0; number--) {
      Path from = number == 1 ? path : numbered(number - 1);
      if (Files.exists(from)) {
        Files.move(from, numbered(number), StandardCopyOption.REPLACE_EXISTING);
      }
    }
    if (files == 1) {
      Files.deleteIfExists(path);
    }
    open();
  }

  private Path numbered(int number) {
    return path.resolveSibling(path.getFileName() + "." + number);
  }

  @Override
  public void close() {
    AppendedFile old = out;
    out = null;
    if (old != null) {
      try {
        old.close();
      } catch (IOException e) {
        // What was written before is not made worse by a close that fails.
        return;
      }
    }
  }
}
