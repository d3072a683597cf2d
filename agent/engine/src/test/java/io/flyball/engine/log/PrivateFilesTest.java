package io.flyball.engine.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class PrivateFilesTest {
  @TempDir Path dir;

  private static String rights(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void foldersAndFilesAreTheOwnersAlone() throws IOException {
    PrivateFiles.createIfAbsent(dir.resolve("a/b/events.jsonl"));

    assertThat(rights(dir.resolve("a"))).isEqualTo("rwx------");
    assertThat(rights(dir.resolve("a/b"))).isEqualTo("rwx------");
    assertThat(rights(dir.resolve("a/b/events.jsonl"))).isEqualTo("rw-------");
  }

  @Test
  void whatIsThereKeepsItsRights() throws IOException {
    Path shared = Files.createDirectory(dir.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path link = Files.createSymbolicLink(dir.resolve("link"), shared);

    PrivateFiles.createFolders(shared);
    PrivateFiles.createFolders(link);
    PrivateFiles.createIfAbsent(link.resolve("f"));

    assertThat(rights(shared)).isEqualTo("rwxr-xr-x");
    assertThat(rights(shared.resolve("f"))).isEqualTo("rw-------");
  }

  @Test
  void aPipeIsNoFileWhereverItIsAndADeviceIs() throws Exception {
    Path shared = Paths.get("/dev/shm");
    Path folder =
        Files.isWritable(shared) ? Files.createTempDirectory(shared, "pipe") : dir.resolve("p");
    Files.createDirectories(folder);
    Path pipe = folder.resolve("pipe");
    try {
      assumeTrue(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0);
      Path link = Files.createSymbolicLink(dir.resolve("link"), pipe);
      for (Path each : new Path[] {pipe, link}) {
        assertThatThrownBy(() -> PrivateFiles.createIfAbsent(each))
            .isInstanceOf(FileSystemException.class)
            .hasMessageContaining("is not a file");
      }
    } finally {
      Files.deleteIfExists(pipe);
      Files.delete(folder);
    }
    for (String device : new String[] {"/dev/null", "/dev/stdout", "/dev/stderr"}) {
      if (Files.exists(Paths.get(device))) {
        PrivateFiles.createIfAbsent(Paths.get(device));
      }
    }
  }
}
