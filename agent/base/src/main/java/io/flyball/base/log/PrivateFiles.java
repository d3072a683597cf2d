package io.flyball.base.log;

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

  private static final int MOST_LINKS = 40;

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
   * rights it has. Where a link leads to what is not there yet, that is what is created.
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
    Path place = behindLinks(file.toAbsolutePath());
    Path folder = place.getParent();
    if (folder != null) {
      createFolders(folder);
    }
    try {
      if (place.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        Files.createFile(place, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createFile(place);
      }
    } catch (FileAlreadyExistsException createdMeanwhile) {
      // By another process that writes to the same file.
    }
  }

  /**
   * What the last link leads to: to create a file where a link is fails, and whoever opens it then
   * would create what it leads to with the rights of any file.
   */
  private static Path behindLinks(Path file) throws IOException {
    Path at = file;
    for (int links = 0; Files.isSymbolicLink(at); links++) {
      if (links == MOST_LINKS) {
        throw new FileSystemException(file.toString(), null, "is a link in a circle");
      }
      Path folder = at.getParent();
      // As the system does: what is above a folder is above the folder a link leads to.
      at = folder.toRealPath().resolve(Files.readSymbolicLink(at));
    }
    return at;
  }
}
