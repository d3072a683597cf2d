package io.flyball.base.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class LogTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-01-02T03:04:05.006Z"), ZoneOffset.UTC);

  @TempDir Path dir;

  private final List<String> lines = new ArrayList<>();

  private Log log(Level level) {
    return Log.to(level, lines::add, CLOCK);
  }

  @Test
  void aLineTellsTimeLevelAndMessage() {
    log(Level.INFO).info("attached");

    assertThat(lines).containsExactly("2026-01-02T03:04:05.006Z flyball INFO attached");
  }

  /** Only its name: nobody knows what else stands in a message. */
  @Test
  void aModuleThatTheJavaDoesNotHaveIsNamed() {
    Throwable absent =
        new NoClassDefFoundError("java/util/logging/Logger")
            .initCause(new ClassNotFoundException("java.util.logging.Logger"));
    log(Level.WARN).log(Level.WARN, "off", absent);
    log(Level.WARN).log(Level.WARN, "off", new RuntimeException(absent));
    log(Level.WARN).log(Level.WARN, "off", new NoClassDefFoundError("com/java/util/logging"));
    log(Level.WARN).log(Level.WARN, "off", new NoClassDefFoundError());

    assertThat(lines.subList(0, 2))
        .allMatch(line -> line.endsWith("(this Java has no module java.logging)"));
    assertThat(lines.subList(2, 4)).noneMatch(line -> line.contains("module"));
  }

  @Test
  void onlyEnabledLevelsAreWritten() {
    for (Level level : Level.values()) {
      Log log = log(level);
      log.error(level + " e");
      log.warn(level + " w");
      log.info(level + " i");
      log.debug(level + " d");
    }

    assertThat(lines)
        .extracting(line -> line.substring("2026-01-02T03:04:05.006Z flyball ".length()))
        .containsExactly(
            "ERROR ERROR e",
            "ERROR WARN e",
            "WARN WARN w",
            "ERROR INFO e",
            "WARN INFO w",
            "INFO INFO i",
            "ERROR DEBUG e",
            "WARN DEBUG w",
            "INFO DEBUG i",
            "DEBUG DEBUG d");
  }

  @Test
  void theLevelCanChange() {
    Log log = log(Level.ERROR);
    log.info("before");
    log.setLevel(Level.INFO);
    log.info("after");

    assertThat(lines).singleElement().asString().endsWith("after");
  }

  @Test
  void aMessageStaysOnItsLine() {
    log(Level.INFO).info("a\nb\r\u0000\u0085\u2028c");

    assertThat(lines).singleElement().asString().endsWith(" INFO a b    c");
  }

  @Test
  void oncePerPlace() {
    Log log = log(Level.INFO);
    log.once("a", Level.INFO, "first");
    log.once("a", Level.INFO, "second");
    log.once("b", Level.INFO, "third");

    assertThat(lines).extracting(line -> line.substring(38)).containsExactly("first", "third");
  }

  @Test
  void aFailureIsToldByItsClassAndOurOwnFrameOnly() {
    Throwable failure = new IllegalStateException("prompt text", new IOException("s3cret"));

    log(Level.INFO).log(Level.WARN, "no", failure);

    assertThat(lines)
        .singleElement()
        .asString()
        .contains(
            " WARN no: java.lang.IllegalStateException caused by java.io.IOException at"
                + " io.flyball.base.log.LogTest.aFailureIsToldByItsClassAndOurOwnFrameOnly(LogTest.java:")
        .doesNotContain("prompt text")
        .doesNotContain("s3cret");
  }

  @Test
  void atDebugTheWholeTraceIsThere() {
    log(Level.DEBUG).log(Level.WARN, "no", new IllegalStateException("a", new IOException("b")));

    assertThat(lines)
        .anyMatch(line -> line.endsWith("DEBUG java.lang.IllegalStateException: a"))
        .anyMatch(line -> line.endsWith("DEBUG caused by java.io.IOException: b"))
        .anyMatch(line -> line.contains("DEBUG   at io.flyball.base.log.LogTest"));
  }

  @Test
  void wordsOfOthersAreRedacted() {
    Log log = log(Level.DEBUG);
    log.redactWith(words -> words.replace("secret", "[key]"));

    log.log(Level.WARN, "no", new IllegalStateException("secret", new IOException("a secret")));

    assertThat(lines).noneMatch(line -> line.contains("secret"));
    assertThat(lines).anyMatch(line -> line.endsWith("caused by java.io.IOException: a [key]"));
  }

  @Test
  void itNeverThrows() {
    Log broken =
        Log.to(
            Level.DEBUG,
            line -> {
              throw new OutOfMemoryError();
            },
            CLOCK);
    Throwable hostile =
        new RuntimeException() {
          private static final long serialVersionUID = 1L;

          @Override
          public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException();
          }
        };

    broken.info("x");
    broken.info(null);
    broken.log(Level.ERROR, "x", hostile);
    broken.log(Level.ERROR, "x", null);
    log(Level.DEBUG).log(Level.ERROR, "still said", hostile);

    assertThat(lines).anyMatch(line -> line.endsWith("ERROR still said"));
  }

  @Test
  void onlyTheOwnerReadsALogFile() throws IOException {
    assumeThat(dir.getFileSystem().supportedFileAttributeViews()).contains("posix");
    Path file = dir.resolve("flyball.log");
    Log.open(Level.INFO, file).info("console at http://127.0.0.1:1/?token=t");

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void aFileIsAppendedToAndItsFoldersAreMade() throws IOException {
    Path file = dir.resolve("a/b/flyball.log");
    Log.open(Level.INFO, file).info("one");
    Log.open(Level.INFO, file).info("zwei \u00e4");

    assertThat(Files.readAllLines(file, StandardCharsets.UTF_8))
        .hasSize(2)
        .allMatch(
            line ->
                line.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z flyball INFO .*"))
        .last()
        .asString()
        .endsWith("zwei \u00e4");
  }

  @Test
  void aFileThatIsRotatedAwayIsMadeAgain() throws IOException {
    Path file = dir.resolve("flyball.log");
    Log log = Log.open(Level.INFO, file);
    log.info("one");
    Files.move(file, dir.resolve("flyball.log.1"));
    log.info("two");

    assertThat(Files.readAllLines(file)).singleElement().asString().endsWith("two");
  }

  @Test
  void anInterruptedThreadStillLogs() throws IOException {
    Path file = dir.resolve("flyball.log");
    Thread.currentThread().interrupt();
    try {
      Log.open(Level.INFO, file).info("one");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(Files.readAllLines(file)).hasSize(1);
  }

  @Test
  void linesThatCannotBeWrittenGoToTheFallbackWithOneWordAboutIt() throws IOException {
    Path notAFolder = Files.createFile(dir.resolve("f"));
    LogFile file = new LogFile(notAFolder.resolve("flyball.log"), log(Level.INFO));

    file.accept("first line");
    file.accept("second line");

    assertThat(lines).hasSize(3).endsWith("first line", "second line");
    assertThat(lines.get(0))
        .contains("ERROR log file " + notAFolder.resolve("flyball.log") + " cannot be written");
  }

  @Test
  @Timeout(60)
  @DisabledOnOs(OS.WINDOWS)
  void aPipeThatNobodyReadsIsNoFileAndADeviceIsOne() throws Exception {
    Path pipe = dir.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();

    new LogFile(pipe, log(Level.INFO)).accept("line");
    new LogFile(Paths.get("/dev/null"), log(Level.INFO)).accept("gone");

    assertThat(lines).hasSize(2).endsWith("line");
    assertThat(lines.get(0)).contains("cannot be written").endsWith("(is not a file)");
  }

  @Test
  void internalErrorsAreCountedAndToldOncePerPlace() {
    LoggedInternalErrors errors = new LoggedInternalErrors(log(Level.INFO));
    errors.report("meter", new IllegalStateException("prompt text"));
    errors.report("meter", new IllegalStateException("prompt text"));
    errors.report("okhttp-3", new NullPointerException());

    assertThat(errors.count()).isEqualTo(3);
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .contains("ERROR internal error in meter, told once: java.lang.IllegalStateException at")
        .doesNotContain("prompt text");
  }

  @Test
  void anErrorThatWasToldOtherwiseIsCountedOnly() {
    LoggedInternalErrors errors = new LoggedInternalErrors(log(Level.INFO));
    errors.reportTold("export", new IllegalStateException("a header"));

    assertThat(errors.count()).isEqualTo(1);
    assertThat(lines).isEmpty();
  }
}
