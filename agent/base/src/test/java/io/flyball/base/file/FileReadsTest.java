package io.flyball.base.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FileReadsTest {
  @TempDir Path dir;

  @Test
  void readsUpToTheBound() throws IOException {
    Path file = Files.write(dir.resolve("f"), new byte[2_048]);

    assertThat(new FileReads(5_000).read(file, 2_048)).hasSize(2_048);
    assertThatThrownBy(() -> new FileReads(5_000).read(file, 1_024))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessage("is longer than 1 kB");
  }

  @Test
  void aFileSystemThatHangsIsGivenUp() throws IOException {
    CountDownLatch end = new CountDownLatch(1);
    try {
      FileReads files =
          new FileReads(
              50,
              (file, max) -> {
                try {
                  end.await();
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
                return new byte[0];
              });
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() -> files.read(dir.resolve("f"), 1_024))
            .isInstanceOf(UnreadableFileException.class)
            .hasMessageContaining("was not read within 50 ms");
      }
    } finally {
      end.countDown();
    }
  }

  @Test
  void whatGoesWrongInsideIsNoException() {
    FileReads files =
        new FileReads(
            5_000,
            (file, max) -> {
              throw new OutOfMemoryError("as it were");
            });
    assertThatThrownBy(() -> files.read(dir.resolve("f"), 1_024))
        .isInstanceOf(UnreadableFileException.class)
        .hasMessage("cannot be read (OutOfMemoryError)");
  }

  @Test
  void anInterruptedThreadStaysInterrupted() throws IOException {
    Path file = Files.write(dir.resolve("f"), new byte[1]);
    CountDownLatch never = new CountDownLatch(1);
    FileReads.Reader slow =
        (path, maxBytes) -> {
          try {
            never.await();
          } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
          }
          return new byte[0];
        };
    Thread.currentThread().interrupt();
    try {
      assertThatThrownBy(() -> new FileReads(5_000, slow).read(file, 1_024))
          .isInstanceOf(UnreadableFileException.class);
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
