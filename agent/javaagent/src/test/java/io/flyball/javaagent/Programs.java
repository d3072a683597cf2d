package io.flyball.javaagent;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** The programs of package {@code example} on a class path of their own, with nothing of ours. */
final class Programs {
  private Programs() {}

  /** The folder's path, with a separator at its end so that a URLClassLoader takes it for one. */
  static String in(Path folder) throws IOException {
    Path target = Files.createDirectories(folder.resolve("programs").resolve("example"));
    File[] classes = new File("target/test-classes/example").listFiles();
    if (classes == null) {
      throw new IOException("the programs are not compiled");
    }
    for (File file : classes) {
      Files.copy(
          file.toPath(), target.resolve(file.getName()), StandardCopyOption.REPLACE_EXISTING);
    }
    return target.getParent() + File.separator;
  }
}
