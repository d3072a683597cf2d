package io.flyball.base.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Reads files of a bounded size. Only regular files: a pipe may never end, a device has no end, and
 * some files of {@code /proc} wait for the kernel.
 */
public final class BoundedFile {
  private static final String[] KERNELS = {"/proc", "/sys"};
  private static final String NOT_REGULAR = "is not a regular file";
  private static final int MEGABYTE = 1024 * 1024;

  private BoundedFile() {}

  /**
   * All of the file.
   *
   * @param maxBytes how long it may be
   * @throws UnreadableFileException when it is longer, no regular file or cannot be read
   */
  public static byte[] read(Path file, int maxBytes) throws UnreadableFileException {
    try {
      BasicFileAttributes what = Files.readAttributes(file, BasicFileAttributes.class);
      if (what.isDirectory()) {
        throw unreadable("is a directory", null);
      }
      if (!what.isRegularFile()) {
        throw unreadable(NOT_REGULAR + " but a device, a pipe or a socket", null);
      }
      Path real = file.toRealPath();
      for (String kernels : KERNELS) {
        if (real.startsWith(kernels)) {
          throw unreadable(NOT_REGULAR + " but one that the kernel makes up", null);
        }
      }
      if (what.size() > maxBytes) {
        throw tooLong(maxBytes);
      }
      return content(file, maxBytes);
    } catch (UnreadableFileException e) {
      throw e;
    } catch (NoSuchFileException e) {
      boolean dangling = Files.isSymbolicLink(file);
      throw unreadable(
          dangling ? "is a symbolic link to what does not exist" : "does not exist", e);
    } catch (AccessDeniedException e) {
      throw unreadable("may not be read: permission denied", e);
    } catch (IOException | RuntimeException e) {
      // In Java's words a loop of links is but a file system's failure.
      throw Files.isSymbolicLink(file)
          ? unreadable("is a symbolic link that cannot be followed, it may lead to itself", e)
          : unreadable("cannot be read (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /** It may have grown since it was asked for its size. */
  private static byte[] content(Path file, int maxBytes) throws IOException {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    try (InputStream in = Files.newInputStream(file)) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        if (content.size() + read > maxBytes) {
          throw tooLong(maxBytes);
        }
        content.write(buffer, 0, read);
      }
    }
    return content.toByteArray();
  }

  private static UnreadableFileException tooLong(int maxBytes) {
    String size = maxBytes >= MEGABYTE ? maxBytes / MEGABYTE + " MB" : maxBytes / 1024 + " kB";
    return unreadable("is longer than " + size, null);
  }

  private static UnreadableFileException unreadable(String message, Throwable cause) {
    return new UnreadableFileException(message, cause);
  }
}
