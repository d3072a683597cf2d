package io.flyball.base.log;

import java.io.FileDescriptor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * What a path leads to, link by link, where that is no file of the user's: a device, or something
 * that a process has open, as {@code /dev/stdout}. Behind such a name may be a file all the same,
 * when a stream is redirected to one.
 */
final class SystemPath {
  private static final Set<String> STREAMS =
      Collections.unmodifiableSet(
          new HashSet<>(Arrays.asList("/dev/stdin", "/dev/stdout", "/dev/stderr")));

  private static final Path OWN_DESCRIPTORS = Paths.get("/proc/self/fd");
  private static final int MOST_LINKS = 40;

  /** Bits of a file's mode. */
  private static final int KIND = 0170000;

  private static final int CHARACTER_DEVICE = 0020000;

  private final Path path;

  private SystemPath(Path path) {
    this.path = path;
  }

  /** Null when it leads to something else. */
  static SystemPath of(Path path) throws IOException {
    Path at = path.toAbsolutePath();
    for (int links = 0; links < MOST_LINKS; links++) {
      Path folder = at.getParent();
      if (folder == null || !Files.isDirectory(folder)) {
        return null;
      }
      Path name = at.getFileName();
      Path place = folder.toRealPath().resolve(name);
      // As it is written, too: there may be folders of links to what is open.
      if (isOfSystem(place) || isOfSystem(folder.normalize().resolve(name))) {
        return new SystemPath(place);
      }
      if (!Files.isSymbolicLink(place)) {
        return null;
      }
      at = place.resolveSibling(Files.readSymbolicLink(place));
    }
    return null;
  }

  private static boolean isOfSystem(Path place) throws IOException {
    if (place.startsWith("/proc")
        || place.startsWith("/dev/fd")
        || STREAMS.contains(place.toString())) {
      return true;
    }
    if (!place.startsWith("/dev") || !Files.exists(place) || Files.isRegularFile(place)) {
      return false;
    }
    // Where the file system does not tell, what is there counts as a device.
    return !place.getFileSystem().supportedFileAttributeViews().contains("unix")
        || ((Integer) Files.getAttribute(place, "unix:mode") & KIND) == CHARACTER_DEVICE;
  }

  /** The stream of this process that it names, standard output or error; else null. */
  FileDescriptor ownStream() throws IOException {
    String name = path.toString();
    boolean own =
        name.startsWith("/dev/fd/")
            || Files.isDirectory(OWN_DESCRIPTORS)
                && path.getParent().equals(OWN_DESCRIPTORS.toRealPath());
    if (name.equals("/dev/stdout") || own && path.endsWith("1")) {
      return FileDescriptor.out;
    }
    return name.equals("/dev/stderr") || own && path.endsWith("2") ? FileDescriptor.err : null;
  }
}
