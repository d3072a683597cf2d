package io.flyball.engine.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.telemetry.MetricsListener;
import io.flyball.engine.telemetry.OtelInstruments;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.engine.telemetry.SpanListener;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OtlpExportTest {
  private static final Duration ENOUGH = Duration.ofSeconds(20);

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final InternalErrors errors = (place, failure) -> failures.add(place + ": " + failure);
  private final List<String> logged = new CopyOnWriteArrayList<>();
  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord record) {
          logged.add(record.getLoggerName() + ": " + record.getMessage());
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  @BeforeEach
  void listen() {
    Logger.getLogger("").addHandler(handler);
  }

  @AfterEach
  void nothingWasLoggedThroughTheApplicationsLogging() {
    Logger.getLogger("").removeHandler(handler);
    assertThat(logged).isEmpty();
  }

  @Test
  void postsSpansAndMetricsAsProtobuf() throws IOException {
    try (Collector collector = new Collector(200)) {
      Map<String, String> properties = endpoint(collector.url() + '/');
      properties.put("otel.exporter.otlp.headers", "authorization=Basic%20abc,x-team=a");
      properties.put("otel.resource.attributes", "deployment.environment.name=prod");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
        await().until(() -> collector.posts.size() >= 2);
      }

      Collector.Post traces = post(collector, "POST /v1/traces HTTP/1.1");
      assertThat(traces.headers)
          .containsEntry("content-type", "application/x-protobuf")
          .containsEntry("authorization", "Basic abc")
          .containsEntry("x-team", "a");
      // A protobuf message: field 1 (resource_spans), length-delimited.
      assertThat(traces.body[0]).isEqualTo((byte) 0x0a);
      assertThat(text(traces.body))
          .contains("chat gpt-4o", "gen_ai.usage.input_tokens", "shop", "prod", "flyball");
      assertThat(text(post(collector, "POST /v1/metrics HTTP/1.1").body))
          .contains("gen_ai.client.token.usage", "flyball.calls");
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void compressesWhenAsked() throws IOException {
    try (Collector collector = new Collector(200)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.exporter.otlp.compression", "gzip");
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }

      Collector.Post traces = collector.posts.get(0);
      assertThat(traces.headers).containsEntry("content-encoding", "gzip");
      assertThat(text(unzipped(traces.body))).contains("chat gpt-4o");
      assertThat(collector.posts).allMatch(post -> post.line.contains("/v1/traces"));
    }
  }

  @Test
  void repeatsWhatIsRetryable() throws IOException {
    try (Collector collector = new Collector(503, 200)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }

      assertThat(collector.posts).hasSize(2);
      assertThat(failures).isEmpty();
    }
  }

  @Test
  void givesUpOnWhatIsNot() throws IOException {
    try (Collector collector = new Collector(400)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }

      assertThat(collector.posts).hasSize(1);
      assertThat(failures)
          .containsExactly(
              "export of traces to "
                  + collector.url()
                  + "/v1/traces: java.io.IOException: the collector answered 400");
    }
  }

  @Test
  void aFailureNamesTheCollectorWithoutItsCredentials() throws IOException {
    try (Collector collector = new Collector(400)) {
      String address = collector.url().substring("http://".length());
      Map<String, String> properties =
          endpoint("http://user:hidden@" + address + "/v1/traces?api-key=hidden");
      properties.put(
          "otel.exporter.otlp.traces.endpoint", properties.remove("otel.exporter.otlp.endpoint"));
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }

      assertThat(failures)
          .containsExactly(
              "export of traces to http://"
                  + address
                  + "/v1/traces: java.io.IOException: the collector answered 400");
    }
  }

  @Test
  void aCollectorThatIsDownIsReported() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Map<String, String> properties = endpoint("http://127.0.0.1:" + port);
    properties.put("otel.exporter.otlp.timeout", "200");
    try (OtlpExport export = start(properties)) {
      record(export);
      export.flush(ENOUGH);
    }

    assertThat(failures)
        .anyMatch(each -> each.startsWith("export of traces to http://127.0.0.1:" + port));
    assertThat(failures)
        .anyMatch(each -> each.startsWith("export of metrics to http://127.0.0.1:" + port));
  }

  @Test
  void aCollectorThatHangsHoldsNobodyUp() throws IOException {
    try (Collector collector = new Collector(Collector.SILENCE)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.exporter.otlp.timeout", "300");
      properties.put("otel.bsp.max.queue.size", "10");
      OtlpExport export = start(properties);
      SpanListener spans = new SpanListener(export.openTelemetry(), "1");
      for (int i = 0; i < 1_000; i++) {
        spans.callEnded(SampleCalls.answered().build());
      }
      export.close();

      await().until(() -> failures.size() >= 2);
      assertThat(failures).anyMatch(each -> each.startsWith("export of traces, queue: "));
      assertThat(collector.posts).isNotEmpty();
    }
  }

  @Test
  void isOffWithoutAnEndpoint() {
    assertThat(OtlpSettings.from(new HashMap<>()).isOn()).isFalse();
    Map<String, String> disabled = endpoint("http://127.0.0.1:4318");
    disabled.put("otel.sdk.disabled", "true");
    assertThat(OtlpSettings.from(disabled).isOn()).isFalse();
    Map<String, String> tracesOnly = new HashMap<>();
    tracesOnly.put("otel.exporter.otlp.traces.endpoint", "http://127.0.0.1:4318/custom");
    OtlpSettings settings = OtlpSettings.from(tracesOnly);
    assertThat(settings.endpoint(OtlpSettings.Signal.TRACES))
        .isEqualTo("http://127.0.0.1:4318/custom");
    assertThat(settings.endpoint(OtlpSettings.Signal.METRICS)).isNull();
  }

  @Test
  void namesTheSettingItCannotHonour() {
    assertRefused("otel.exporter.otlp.protocol", "grpc", "http/protobuf", "4318");
    assertRefused("otel.exporter.otlp.timeout", "soon", "otel.exporter.otlp.timeout");
    assertRefused("otel.exporter.otlp.headers", "secret", "otel.exporter.otlp.headers");
    assertRefused("otel.exporter.otlp.compression", "zstd", "gzip or none");
    assertRefused("otel.exporter.otlp.endpoint", "localhost:4318", "http or https URL");
    assertRefused("otel.traces.sampler", "jaeger_remote", "otel.traces.sampler");
    assertRefused("otel.bsp.schedule.delay", "0", "otel.bsp.schedule.delay");
  }

  private static void assertRefused(String name, String value, String... inMessage) {
    Map<String, String> properties = endpoint("http://127.0.0.1:4318");
    properties.put(name, value);
    assertThatThrownBy(() -> OtlpSettings.from(properties))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(inMessage);
  }

  @Test
  void honoursTheSampler() throws IOException {
    try (Collector collector = new Collector(200)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.traces.sampler", "always_off");
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }

      assertThat(collector.posts).isEmpty();
    }
  }

  private OtlpExport start(Map<String, String> properties) {
    return OtlpExport.start(OtlpSettings.from(properties), "shop", "1.2.3", errors);
  }

  private static void record(OtlpExport export) {
    new SpanListener(export.openTelemetry(), "1").callEnded(SampleCalls.answered().build());
    new MetricsListener(new OtelInstruments(export.openTelemetry(), "1"), 10, () -> 0, () -> 0)
        .callEnded(SampleCalls.answered().build());
  }

  private static Map<String, String> endpoint(String url) {
    Map<String, String> properties = new HashMap<>();
    properties.put("otel.exporter.otlp.endpoint", url);
    return properties;
  }

  private static Collector.Post post(Collector collector, String line) {
    return collector.posts.stream().filter(each -> each.line.equals(line)).findFirst().get();
  }

  private static String text(byte[] protobuf) {
    return new String(protobuf, StandardCharsets.UTF_8);
  }

  private static byte[] unzipped(byte[] zipped) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(zipped))) {
      byte[] buffer = new byte[1_024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
    }
    return out.toByteArray();
  }
}
