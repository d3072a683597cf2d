package io.flyball.base.log;

import java.io.Closeable;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file that is open for lines at its end, or what stands in for one: a device, or a stream of the
 * process ({@code /dev/stdout}), which is written to as it is, and not opened once more: where it
 * is redirected to a file, the application and we would write over each other.
 */
public final class AppendedFile implements Closeable {
  private final FileOutputStream out;
  private final boolean ours;
  private final boolean file;

  private AppendedFile(FileOutputStream out, boolean ours, boolean file) {
    this.out = out;
    this.ours = ours;
    this.file = file;
  }

  /**
   * Opens it; makes it, and the folders it is in, unless it is there, for its owner alone.
   *
   * @throws IOException also when there is a named pipe: opening one waits for who reads it
   */
  public static AppendedFile open(Path path) throws IOException {
    SystemPath system = SystemPath.of(path);
    FileDescriptor stream = system == null ? null : system.ownStream();
    if (stream != null) {
      return new AppendedFile(new FileOutputStream(stream), false, false);
    }
    PrivateFiles.createIfAbsent(path);
    // A channel, as java.nio.file opens it, would break when the application's thread is
    // interrupted.
    FileOutputStream out = new FileOutputStream(path.toFile(), true);
    return new AppendedFile(out, true, system == null && Files.isRegularFile(path));
  }

  /** Whether it is a file of its own: whatever else must not be renamed, removed or measured. */
  public boolean isFile() {
    return file;
  }

  /** Appends in one piece. */
  public void write(byte[] bytes) throws IOException {
    out.write(bytes);
  }

  /** The process's own streams stay open. */
  @Override
  public void close() throws IOException {
    if (ours) {
      out.close();
    }
  }
}
