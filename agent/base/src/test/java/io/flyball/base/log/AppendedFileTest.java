package io.flyball.base.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@EnabledOnOs(OS.LINUX)
class AppendedFileTest {
  @TempDir Path dir;

  private static boolean isFile(Path path) throws IOException {
    try (AppendedFile file = AppendedFile.open(path)) {
      return file.isFile();
    }
  }

  @Test
  void aFileIsOneAlsoBehindLinks() throws IOException {
    Path folder = Files.createDirectory(dir.resolve("a"));
    Path file = Files.createFile(folder.resolve("f"));
    Path ofFolder = Files.createSymbolicLink(dir.resolve("b"), Paths.get("a"));
    Path ofFile = Files.createSymbolicLink(dir.resolve("c"), Paths.get("b", "f"));

    for (Path each : new Path[] {file, ofFolder.resolve("f"), ofFile, dir.resolve("new/f")}) {
      assertThat(isFile(each)).as(each.toString()).isTrue();
    }
    Path shared = Paths.get("/dev/shm");
    if (Files.isWritable(shared)) {
      Path inMemory = Files.createTempFile(shared, "appended", null);
      assertThat(isFile(inMemory)).isTrue();
      Files.delete(inMemory);
    }
  }

  /** Whatever standard output is here: a file, a pipe, a terminal. */
  @Test
  void whatTheProcessHasOpenIsNoneAlsoWhenThatIsAFile() throws IOException {
    Path target = dir.resolve("redirected");
    try (OutputStream open = Files.newOutputStream(target);
        Stream<Path> descriptors = Files.list(Paths.get("/proc/self/fd"))) {
      open.write('x');
      Path opened = descriptors.filter(AppendedFileTest::leadsToRedirected).findFirst().get();
      Path link = Files.createSymbolicLink(dir.resolve("link"), opened);
      Path folder = Files.createSymbolicLink(dir.resolve("fds"), opened.getParent());
      for (Path each :
          new Path[] {opened, link, folder.resolve(opened.getFileName()), Paths.get("/dev/null")}) {
        assertThat(isFile(each)).as(each.toString()).isFalse();
      }
      for (String stream : new String[] {"/dev/stdout", "/dev/stderr", "/proc/self/fd/1"}) {
        if (Files.exists(Paths.get(stream))) {
          Path alias = dir.resolve(stream.replace('/', '_'));
          assertThat(isFile(Paths.get(stream))).isFalse();
          assertThat(isFile(Files.createSymbolicLink(alias, Paths.get(stream)))).isFalse();
        }
      }
    }
  }

  private static boolean leadsToRedirected(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).endsWith("redirected");
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void theProcessesOwnStreamIsWrittenToWhereItStands() throws Exception {
    assumeThat(Paths.get("/dev/stdout")).exists();
    Path alias = Files.createSymbolicLink(dir.resolve("alias"), Paths.get("/dev/stdout"));
    Path out = dir.resolve("out");
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + File.separator + "bin" + File.separator + "java",
                "-cp",
                System.getProperty("java.class.path"),
                Speaker.class.getName(),
                "/dev/stdout",
                "/proc/self/fd/1",
                "/dev/fd/1",
                alias.toString())
            .redirectOutput(out.toFile())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();

    assertThat(process.waitFor()).isZero();
    assertThat(Files.readAllLines(out))
        .containsExactly(
            "application 0",
            "flyball 0",
            "application 1",
            "flyball 1",
            "application 2",
            "flyball 2",
            "application 3",
            "flyball 3",
            "application 4");
  }

  /** Says something before and after each of its files is appended to. */
  static final class Speaker {
    private Speaker() {}

    public static void main(String[] files) throws IOException {
      for (int i = 0; i < files.length; i++) {
        System.out.println("application " + i);
        try (AppendedFile file = AppendedFile.open(Paths.get(files[i]))) {
          file.write(("flyball " + i + '\n').getBytes(StandardCharsets.UTF_8));
        }
      }
      System.out.println("application " + files.length);
    }
  }
}
