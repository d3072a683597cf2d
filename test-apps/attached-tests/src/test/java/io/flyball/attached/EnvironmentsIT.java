package io.flyball.attached;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.example.osgi.BundleHost;
import com.fasterxml.jackson.databind.JsonNode;
import io.flyball.demo.CallEvents;
import io.flyball.demo.StandInModels;
import io.flyball.instrumentation.testing.jvm.JavaProcess;
import io.flyball.instrumentation.testing.jvm.Jdk;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.framework.Bundle;

/** Places where an agent is not expected: the program runs, and its calls are seen. */
class EnvironmentsIT {
  private static final String REPLAY = "com.example.replay.Replay";

  @TempDir Path folder;
  private Path events;
  private Path requests;

  @BeforeEach
  void writeRequest() throws IOException {
    events = folder.resolve("events.jsonl");
    requests = Files.createDirectory(folder.resolve("requests"));
    write(
        requests.resolve("chat"),
        "/v1/chat/completions\nAuthorization: Bearer sk-x\nContent-Type: application/json\n\n"
            + "{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
  }

  @Test
  void aPathWithSpacesAndLettersThatUrlsEscape() throws Exception {
    Path odd = Files.createDirectories(folder.resolve("my agents/50%20+#1"));
    Path jar = Files.copy(Built.agentJar().toPath(), odd.resolve("fly ball.jar"));
    assertSeen(replay(Jdk.running(), "-javaagent:" + jar));
  }

  @Test
  void attachedTwice() throws Exception {
    String agent = "-javaagent:" + Built.agentJar();
    JavaProcess process = assertSeen(replay(Jdk.running(), agent, agent));
    assertThat(process.err()).contains("flyball: is attached already");
  }

  @Test
  void aTurkishLocaleAndAForeignCharset() throws Exception {
    assertSeen(
        replay(
            Jdk.running(),
            "-javaagent:" + Built.agentJar(),
            "-Duser.language=tr",
            "-Duser.country=TR",
            "-Dfile.encoding=ISO-8859-1",
            "-Djava.io.tmpdir=" + folder.resolve("not-there")));
  }

  @ParameterizedTest(name = "Java {0}")
  @ValueSource(ints = {8, 17})
  void aSecurityManagerThatTrustsTheAgentMoreThanTheProgram(int version) throws Exception {
    Jdk jdk = Jdk.of(version);
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    Path policy = policy(true);
    assertSeen(replay(jdk, underSecurityManager(policy)));
  }

  @Test
  void aSecurityManagerThatDoesNotTrustTheAgentIsTold() throws Exception {
    Jdk jdk = Jdk.of(17);
    assumeTrue(jdk.isPresent(), jdk::missingMessage);
    JavaProcess process = replay(jdk, underSecurityManager(policy(false)));
    assertWorked(process);
    assertThat(process.err()).contains("java.security.AllPermission");
    assertThat(events).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"java -version", "javac -version", "keytool -help"})
  void aToolOfTheJdkUnderJavaToolOptionsSaysWhatItAlwaysSaid(String command) throws Exception {
    String bare = output(command, null);
    String attached = output(command, "-javaagent:" + Built.agentJar());
    assertThat(attached.lines().filter(line -> !line.startsWith("Picked up JAVA_TOOL_OPTIONS")))
        .containsExactlyElementsOf(bare.lines().collect(Collectors.toList()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"okhttp", "http-url-connection"})
  void anOsgiBundleWhoseLoaderKnowsOnlyWhatItImports(String client) throws Exception {
    Path bundle = bundle();
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      JavaProcess process =
          JavaProcess.on(Jdk.running())
              .jvm("-javaagent:" + Built.agentJar(), "-Dflyball.events.file=" + events)
              .classPath(
                  location(BundleHost.class) + File.pathSeparator + location(Bundle.class),
                  BundleHost.class.getName(),
                  folder.resolve("storage").toString(),
                  bundle.toUri().toString(),
                  REPLAY,
                  client,
                  provider.url(),
                  requests.toString())
              .start()
              .await(1, TimeUnit.MINUTES);
      assertSeen(process);
    }
  }

  private JavaProcess replay(Jdk jdk, String... jvm) throws IOException {
    try (FakeProvider provider = FakeProvider.start(0, new StandInModels())) {
      return JavaProcess.on(jdk)
          .jvm(jvm)
          .jvm("-Dflyball.events.file=" + events)
          .classPath(
              Built.classPath("replay"), REPLAY, "okhttp", provider.url(), requests.toString())
          .start()
          .await(1, TimeUnit.MINUTES);
    }
  }

  private JavaProcess assertSeen(JavaProcess process) throws IOException {
    assertWorked(process);
    List<JsonNode> calls = CallEvents.read(events).all();
    assertThat(calls).as(process::describe).hasSize(1);
    assertThat(calls.get(0).path("status").asInt()).isEqualTo(200);
    return process;
  }

  private static void assertWorked(JavaProcess process) {
    assertThat(process.exitCode()).as(process::describe).isZero();
    assertThat(process.out()).as(process::describe).contains("chat 200").contains("replayed 1");
  }

  private static String[] underSecurityManager(Path policy) throws IOException {
    return new String[] {
      "-javaagent:" + Built.agentJar().getCanonicalPath(),
      "-Djava.security.manager",
      "-Djava.security.policy=" + policy
    };
  }

  /** The program may do what it needs to; reading the files of its libraries is not part of it. */
  private Path policy(boolean agentTrusted) throws IOException {
    StringBuilder policy = new StringBuilder("grant {\n");
    for (String permission :
        new String[] {
          "java.net.SocketPermission \"*\", \"connect,resolve\"",
          "java.net.NetPermission \"*\"",
          "java.util.PropertyPermission \"*\", \"read,write\"",
          "java.lang.RuntimePermission \"*\"",
          "java.util.logging.LoggingPermission \"control\"",
          "java.io.FilePermission \"" + requests + "\", \"read\"",
          "java.io.FilePermission \"" + requests + "/-\", \"read\""
        }) {
      policy.append("  permission ").append(permission).append(";\n");
    }
    policy.append("};\n");
    if (agentTrusted) {
      policy
          .append("grant codeBase \"")
          .append(Built.agentJar().getCanonicalFile().toURI())
          .append("\" { permission java.security.AllPermission; };\n");
    }
    Path file = folder.resolve("test.policy");
    write(file, policy.toString());
    return file;
  }

  private static String output(String command, String toolOptions) throws Exception {
    List<String> words = new ArrayList<>(Arrays.asList(command.split(" ")));
    words.set(0, new File(Jdk.running().home(), "bin/" + words.get(0)).getPath());
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().keySet().removeIf(name -> name.startsWith("FLYBALL_"));
    if (toolOptions != null) {
      builder.environment().put("JAVA_TOOL_OPTIONS", toolOptions);
    }
    Process tool = builder.start();
    String output = new String(tool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(tool.waitFor()).as(output).isZero();
    return output;
  }

  /** The replaying program with its libraries inside, as OSGi builds make them. */
  private Path bundle() throws IOException {
    List<File> jars = new ArrayList<>();
    jars.add(Built.application("replay"));
    jars.addAll(Arrays.asList(Built.file("test-apps/replay/target/lib").listFiles()));
    Manifest manifest = new Manifest();
    Attributes attributes = manifest.getMainAttributes();
    attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    attributes.putValue("Bundle-ManifestVersion", "2");
    attributes.putValue("Bundle-SymbolicName", "replay");
    attributes.putValue("Import-Package", "javax.net,javax.net.ssl,javax.security.auth.x500");
    attributes.putValue(
        "Bundle-ClassPath", jars.stream().map(File::getName).collect(Collectors.joining(",")));
    Path file = folder.resolve("bundle.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(file), manifest)) {
      for (File jar : jars) {
        out.putNextEntry(new ZipEntry(jar.getName()));
        Files.copy(jar.toPath(), out);
      }
    }
    return file;
  }

  private static String location(Class<?> type) throws URISyntaxException {
    return Paths.get(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
  }

  private static void write(Path file, String text) throws IOException {
    Files.write(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
