package io.flyball.engine.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing is quoted in the command: its jar is what the class path begins with, however the path is
 * written and whatever folders it is in.
 */
class ProgramTest {
  private static final String AGENT = ":/opt/flyball-agent.jar";

  @Property(tries = 500)
  void oneJarIsOneProgramByWhateverPathItIsRun(
      @ForAll("folders") String folders,
      @ForAll("names") String name,
      @ForAll @IntRange(max = 30) int version,
      @ForAll("endings") String ending,
      @ForAll("arguments") String arguments,
      @ForAll boolean hasAgent) {
    String path = folders + name + "-1." + version + ending;

    Program program = Program.of(path + arguments, hasAgent ? path + AGENT : path, ":");

    assertThat(program.identity()).isEqualTo(name);
    assertThat(program.name()).isEqualTo(name + "-1." + version);
    boolean wasAmbiguous = name.contains(".jar");
    if (!wasAmbiguous) {
      assertThat(program.former())
          .isEqualTo(name + "-1." + version + (ending.equals(".jar") ? "" : ending));
    }
  }

  /** What runs a class is named by it, whatever jars it is found in or works on. */
  @Property(tries = 200)
  void aClassIsNoJar(
      @ForAll("folders") String folders,
      @ForAll("names") String name,
      @ForAll("arguments") String arguments) {
    String classPath = folders + name + ".jar:lib/x.jar" + AGENT;

    Program program = Program.of("com.acme.Tool" + arguments, classPath, ":");

    assertThat(program.identity()).isEqualTo("com.acme.Tool");
    assertThat(program.name()).isEqualTo("Tool");
    assertThat(program.former()).isEqualTo("Tool");
  }

  @Test
  void aFileOfAnyNameMayBeTheJar(@TempDir Path folder) throws Exception {
    String path = folder.resolve("my orders").toString();
    String command = path + " --port 80";
    assertThat(Program.of(command, path, ":").identity()).isEqualTo("my");

    Files.createFile(folder.resolve("my orders"));
    assertThat(Program.of(command, path + AGENT, ":").identity()).isEqualTo("my orders");
  }

  @Provide
  Arbitrary<String> folders() {
    return Arbitraries.of("a b", "my.jars", "x.jar y", "orders", "v-1.2", "..", "C:", "a.jar", "z ")
        .list()
        .ofMaxSize(3)
        .map(parts -> parts.isEmpty() ? "" : String.join("/", parts) + "/");
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("orders", "my orders", "my.jarvis", "orders-web", "a.b", "worker-2");
  }

  @Provide
  Arbitrary<String> endings() {
    return Arbitraries.of(".jar", ".war", ".JAR", ".War");
  }

  @Provide
  Arbitrary<String> arguments() {
    return Arbitraries.of("", " x.jar", " --port 80", " /data/my.jar:y", " a.war b");
  }
}
