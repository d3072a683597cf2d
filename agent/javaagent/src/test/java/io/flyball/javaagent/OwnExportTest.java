package io.flyball.javaagent;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.config.Sections;
import io.flyball.settings.ConfigLoader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is wrong with the settings of the export, Flyball starts. */
class OwnExportTest {
  private final List<String> log = new CopyOnWriteArrayList<>();

  private OwnExport start(String name, String value) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.exporter.otlp.endpoint", "https://127.0.0.1:9");
    properties.put("otel.exporter.otlp.timeout", "1");
    properties.put(name, value);
    return OwnExport.start(
        ConfigLoader.load(Sections.SCHEMA, "", properties, Collections.emptyMap()).config(),
        "1.2.3",
        (nanos, task) -> () -> {},
        Log.to(Level.WARN, log::add, Clock.systemUTC()),
        (place, failure) -> {});
  }

  @Test
  void aCertificateThatIsNoneIsToldAndNothingExported(@TempDir Path folder) throws IOException {
    Path file = Files.write(folder.resolve("ca.pem"), new byte[] {'x'});
    assertThat(start("otel.exporter.otlp.certificate", file.toString())).isNull();
    assertThat(log).hasSize(1);
    assertThat(log.get(0)).contains("ERROR nothing is exported by OTLP");
  }

  @Test
  void whatCouldNotBeExportedWithIsNotAttachedWith() {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.exporter.otlp.endpoint", "http://127.0.0.1:4318");
    assertThat(Commands.attachedWith("0", "", properties)).isNotNull();
    String[][] wrong = {
      {"otel.exporter.otlp.endpoint", "ftp://127.0.0.1"},
      {"otel.exporter.otlp.protocol", "grpc"},
      {"otel.exporter.otlp.compression", "zip"},
      {"otel.traces.sampler", "mine"},
    };
    for (String[] each : wrong) {
      Map<String, String> bad = new HashMap<>(properties);
      bad.put(each[0], each[1]);
      assertThat(Commands.attachedWith("0", "", bad)).as(each[0]).isNull();
    }
  }
}
