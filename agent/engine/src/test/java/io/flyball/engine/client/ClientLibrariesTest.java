package io.flyball.engine.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientLibrariesTest {
  private final List<String> lines = new ArrayList<>();
  private final ClientLibraries clients =
      new ClientLibraries(
          Log.to(Level.INFO, lines::add, Clock.systemUTC()), (place, failure) -> {}, new AtOnce());

  @TempDir Path folder;

  /** Runs everything on the calling thread. */
  private static final class AtOnce extends AbstractExecutorService {
    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void shutdown() {}

    @Override
    public List<Runnable> shutdownNow() {
      return Collections.emptyList();
    }

    @Override
    public boolean isShutdown() {
      return false;
    }

    @Override
    public boolean isTerminated() {
      return false;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
      return true;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "file:/home/me/.m2/repository/org/x/httpclient5/5.5.2/httpclient5-5.5.2.jar, 5.5.2",
    "jar:nested:/srv/shop-1.0.jar/!BOOT-INF/lib/netty-transport-4.1.118.Final.jar!/, 4.1.118.Final",
    "jar:file:/srv/shop-1.0.jar!/BOOT-INF/lib/vertx-core-5.0.0.CR2.jar!/, 5.0.0.CR2",
    "file:/opt/jboss/bundles/ok-http-2/3-x/okhttp-3.14.9.jar, 3.14.9",
    "file:/no/such/shaded.jar, unknown",
    ", unknown"
  })
  void aVersionIsReadFromTheNameOfTheJar(String location, String version) {
    assertThat(JarVersion.at(location)).isEqualTo(version);
  }

  @Test
  void aClientOfTheJdkHasItsVersion() {
    assertThat(JarVersion.at("jrt:/java.net.http")).isEqualTo(System.getProperty("java.version"));
  }

  @Test
  void aVersionIsReadFromTheJarWhereItsNameDoesNotTell() throws IOException {
    assertThat(JarVersion.at(jar("one.jar", "a/b")).toString()).isEqualTo("7.1");
    assertThat(JarVersion.at(jar("shaded.jar", "a/b", "c/d"))).isEqualTo(JarVersion.UNKNOWN);
  }

  private String jar(String name, String... artifacts) throws IOException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file);
        JarOutputStream jar = new JarOutputStream(out)) {
      for (String artifact : artifacts) {
        jar.putNextEntry(new JarEntry("META-INF/maven/" + artifact + "/pom.properties"));
        jar.write("version=7.1\n".getBytes(StandardCharsets.ISO_8859_1));
        jar.closeEntry();
      }
    }
    return file.toUri().toString();
  }

  @Test
  void anUngovernedLibraryIsToldOnceAndAGovernedOneNotAtAll() {
    for (int i = 0; i < 3; i++) {
      clients.found("Apache HttpClient 5", "file:/lib/httpclient5-5.5.2.jar", false);
      clients.found("OkHttp", "file:/lib/okhttp-4.12.0.jar", true);
    }

    assertThat(lines).hasSize(1);
    assertThat(lines.get(0))
        .endsWith("INFO Apache HttpClient 5 5.5.2 is there; calls through it are not governed");
    assertThat(clients.libraries()).hasSize(2);
  }

  @Test
  void onlyConnectionsToModelsAreToldOnceForClientAndHost() {
    for (int i = 0; i < 3; i++) {
      clients.connected("Netty", "api.openai.com", 443, true);
      clients.connected("Netty", "api.groq.com", 443, true);
      clients.connected("Netty", "shop.example.com", 443, false);
    }

    assertThat(lines).hasSize(2).allMatch(line -> line.contains(" WARN a connection to api."));
    assertThat(clients.bypassed()).hasSize(2);
  }

  @Test
  void aModelCallInAnotherFormatIsAWarningOnlyAtAHostOfModels() {
    for (int i = 0; i < 3; i++) {
      clients.unknownFormat("Ollama", "POST", "localhost", 11434, "/api/chat", true);
      clients.unknownFormat("Ollama", "POST", "shop.example.com", 443, "/api/chat", false);
    }

    assertThat(lines).hasSize(2);
    assertThat(lines.get(0))
        .endsWith(
            "WARN POST localhost:11434/api/chat looks like a model call in a format that Flyball"
                + " does not know (Ollama): not governed");
    assertThat(lines.get(1)).contains(" INFO POST shop.example.com:443/api/chat looks like");
  }

  @Test
  void whatIsRememberedIsBounded() {
    for (int i = 0; i < 5_000; i++) {
      clients.connected("Netty", "host-" + i, 443, true);
    }

    assertThat(clients.bypassed()).hasSize(100);
    assertThat(lines).hasSizeLessThanOrEqualTo(1_000);
  }
}
