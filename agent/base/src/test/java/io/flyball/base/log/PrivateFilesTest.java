package io.flyball.base.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
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

  /** Whatever leads there, the file that is written to is the owner's alone. */
  @Test
  void whatALinkLeadsToIsTheOwnersAlone() throws IOException {
    Path real = Files.createDirectories(dir.resolve("real/below"));
    Path folder = Files.createSymbolicLink(dir.resolve("folder"), real);
    String[] targets = {"f", "new/f", "../f2", dir.resolve("abs/f").toString()};
    for (int i = 0; i < targets.length; i++) {
      Path last = Files.createSymbolicLink(real.resolve("link" + i), Paths.get(targets[i]));
      Path first = Files.createSymbolicLink(dir.resolve("first" + i), folder.resolve("link" + i));
      for (Path each : new Path[] {first, folder.resolve("link" + i), last}) {
        Files.deleteIfExists(
            real.resolve("link" + i)
                .toRealPath(LinkOption.NOFOLLOW_LINKS)
                .resolveSibling(targets[i])
                .normalize());

        try (AppendedFile file = AppendedFile.open(each)) {
          file.write(new byte[] {'x'});
        }

        assertThat(rights(each)).as("%s to %s", each, targets[i]).isEqualTo("rw-------");
        assertThat(Files.size(each)).isEqualTo(1);
      }
    }
    assertThat(dir.resolve("real/f2")).exists();
    assertThat(rights(dir.resolve("abs"))).isEqualTo("rwx------");
  }

  @Test
  void linksInACircleAreNoFile() throws IOException {
    Path one = dir.resolve("one");
    Path two = Files.createSymbolicLink(dir.resolve("two"), one);
    Files.createSymbolicLink(one, two);

    assertThatThrownBy(() -> AppendedFile.open(one)).isInstanceOf(IOException.class);
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
