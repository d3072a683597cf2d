package io.flyball.engine.log;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/**
 * Files and folders that only the user who runs the application may read, where the file system can
 * say so.
 */
public final class PrivateFiles {
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  private static final Set<PosixFilePermission> OWNER_ONLY_FOLDER =
      PosixFilePermissions.fromString("rwx------");

  private PrivateFiles() {}

  /**
   * Creates the folder, and those it is in, unless they are there; those that are there keep the
   * rights that they have: they may be somebody else's, too.
   */
  public static void createFolders(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWNER_ONLY_FOLDER));
    } else {
      Files.createDirectories(folder);
    }
  }

  /**
   * Creates the file, and the folders it is in, unless it is there; one that is there keeps the
   * rights it has.
   *
   * @throws IOException also when there is a named pipe: opening one waits for who reads it
   */
  public static void createIfAbsent(Path file) throws IOException {
    if (Files.exists(file)) {
      if (Files.readAttributes(file, BasicFileAttributes.class).isOther()
          && SystemPath.of(file) == null) {
        throw new FileSystemException(file.toString(), null, "is not a file");
      }
      return;
    }
    Path folder = file.toAbsolutePath().getParent();
    if (folder != null) {
      createFolders(folder);
    }
    try {
      if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createFile(file);
      }
    } catch (FileAlreadyExistsException createdMeanwhile) {
      // By another process that writes to the same file.
    }
  }
}
