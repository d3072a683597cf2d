package io.flyball.engine.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.base.InternalErrors;
import io.flyball.engine.telemetry.MetricsListener;
import io.flyball.engine.telemetry.OtelInstruments;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.engine.telemetry.SpanListener;
import io.flyball.engine.time.SharedTimer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NoRouteToHostException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OtlpExportTest {
  private static final Duration ENOUGH = Duration.ofSeconds(20);

  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final List<String> warned = new CopyOnWriteArrayList<>();
  private final InternalErrors errors = (place, failure) -> failures.add(place + ": " + failure);
  private final SharedTimer timer = new SharedTimer(errors);
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
      byte[] metrics = post(collector, "POST /v1/metrics HTTP/1.1").body;
      assertThat(text(metrics)).contains("gen_ai.client.token.usage", "flyball.calls");
      for (byte[] body : new byte[][] {traces.body, metrics}) {
        assertThat(text(body))
            .contains(
                "service.instance.id",
                "host.name",
                "host.arch",
                "os.type",
                "process.pid",
                "process.executable.path",
                "process.runtime.name",
                "process.runtime.version")
            .doesNotContain("process.command");
      }
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
      assertThat(warned)
          .containsExactly(
              "traces cannot be sent to "
                  + collector.url()
                  + "/v1/traces: the collector answered 400");
      assertThat(failures).singleElement().asString().contains("export of traces to ");
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

      assertThat(warned)
          .containsExactly(
              "traces cannot be sent to http://"
                  + address
                  + "/v1/traces: the collector answered 400");
      assertThat(failures).singleElement().asString().doesNotContain("hidden");
    }
  }

  @Test
  void aCauseIsToldOnceAndAgainAfterAnother() throws IOException {
    try (Collector collector = new Collector(404, 404, 404, 401, 404)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        for (int i = 1; i <= 5; i++) {
          int exports = i;
          record(export);
          export.flush(ENOUGH);
          await().until(() -> failures.size() == exports);
        }
      }

      String beginning =
          "traces cannot be sent to " + collector.url() + "/v1/traces: the collector";
      assertThat(warned)
          .containsExactly(
              beginning + " answered 404",
              beginning + " answered 401",
              beginning + " answered 404");
      assertThat(failures).hasSize(5);
    }
  }

  @Test
  void whatIsNoHttpIsToldAsThat() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread greeting = new Thread(() -> answerAll(server, "\0\0\u0012\u0004\0\0\0\0\0\0\u0003"));
      greeting.setDaemon(true);
      greeting.start();
      Map<String, String> properties = endpoint("http://127.0.0.1:" + server.getLocalPort());
      properties.put("otel.exporter.otlp.timeout", "2000");
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }

      assertThat(warned)
          .singleElement()
          .asString()
          .containsAnyOf("does not speak HTTP/1.1", "the connection broke off");
    }
  }

  private static void answerAll(ServerSocket server, String bytes) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getInputStream().read(new byte[8_192]);
      } catch (IOException e) {
        // The client, or the test, has gone.
      }
    }
  }

  @Test
  void onThePortOfGrpcTheOtherOneIsNamed() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    for (String url : new String[] {"http://h:4317/v1/traces", "http://h:4318/v1/traces"}) {
      new CollectorFailures("traces", new URI(url), told::add)
          .tell(new ConnectException("Connection refused (Connection refused)"));
    }
    assertThat(told)
        .containsExactly(
            "traces cannot be sent to http://h:4317/v1/traces: Connection refused; port 4317 is"
                + " usually OTLP over gRPC, OTLP over HTTP is on 4318",
            "traces cannot be sent to http://h:4318/v1/traces: Connection refused");
  }

  @Test
  void noCauseIsToldInForeignWords() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    CollectorFailures failures =
        new CollectorFailures("metrics", new URI("https://u:hidden@h/m?k=hidden"), told::add);
    IOException untrusted = new SSLHandshakeException("hidden");
    untrusted.initCause(new CertificateException("hidden"));
    for (IOException failure :
        new IOException[] {
          new UnknownHostException("hidden"),
          new NoRouteToHostException("hidden"),
          new SocketTimeoutException("Read timed out hidden"),
          new SocketTimeoutException("Connect timed out hidden"),
          new ConnectException("hidden"),
          untrusted,
          new SSLException("hidden"),
          new SocketException("Connection reset hidden"),
          new IOException("Invalid Http response hidden"),
          new FileNotFoundException("https://u:hidden@h/m?k=hidden"),
        }) {
      failures.tell(failure);
    }
    assertThat(told)
        .hasSize(10)
        .doesNotHaveDuplicates()
        .allMatch(line -> line.startsWith("metrics cannot be sent to https://h/m: "))
        .noneMatch(line -> line.contains("hidden"));
  }

  @Test
  void aCollectorThatFailsInTurnsDoesNotFloodTheLog() throws Exception {
    List<String> told = new CopyOnWriteArrayList<>();
    CollectorFailures failures =
        new CollectorFailures("traces", new URI("http://h/v1/traces"), told::add);
    for (int i = 0; i < 1_000; i++) {
      failures.tell(new CollectorFailures.BadAnswer(500 + i % 2));
    }
    assertThat(told).hasSize(50);
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

    String at = " cannot be sent to http://127.0.0.1:" + port + "/v1/";
    assertThat(warned)
        .containsExactlyInAnyOrder(
            "traces" + at + "traces: Connection refused",
            "metrics" + at + "metrics: Connection refused");
    assertThat(failures).isNotEmpty();
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
        spans.record(SampleCalls.answered().build());
      }
      export.close();

      await().until(() -> failures.size() >= 2);
      assertThat(failures).anyMatch(each -> each.startsWith("export of traces, queue: "));
      assertThat(warned)
          .containsOnlyOnce(
              "spans are dropped: more than 10 spans wait to be sent (otel.bsp.max.queue.size)");
      assertThat(collector.posts).isNotEmpty();
    }
  }

  /** Its own timeout is long over when the test is. */
  @ParameterizedTest
  @ValueSource(ints = {Collector.SILENCE, Collector.DRAWN_OUT_HEAD, Collector.DRAWN_OUT_CHUNK})
  void closingDoesNotWaitForACollector(int behaviour) throws IOException {
    try (Collector collector = new Collector(behaviour)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.exporter.otlp.timeout", "600000");
      OtlpExport export = start(properties);
      record(export);
      long begin = System.nanoTime();
      export.close(Duration.ofSeconds(1));

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
      assertThat(collector.posts).isNotEmpty();
      if (behaviour == Collector.SILENCE) {
        assertThat(warned)
            .containsExactly(
                "the JVM ends and the collector has not answered in time: 2 spans and the last"
                    + " metrics may be lost");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Collector.DRAWN_OUT_HEAD, Collector.DRAWN_OUT_BODY, Collector.DRAWN_OUT_CHUNK})
  void aCollectorThatDrawsItsAnswerOutDoesNotKeepTheExporter(int behaviour) throws IOException {
    try (Collector collector = new Collector(behaviour, 200)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.exporter.otlp.timeout", "300");
      properties.put("otel.bsp.schedule.delay", "10");
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        await().until(() -> collector.posts.size() == 1);
        record(export);
        await().until(() -> collector.posts.size() == 2);
      }

      if (behaviour == Collector.DRAWN_OUT_HEAD) {
        assertThat(failures)
            .containsExactly(
                "export of traces to "
                    + collector.url()
                    + "/v1/traces: java.net.SocketTimeoutException: its answer did not end"
                    + " in time");
      } else {
        // The status had come.
        assertThat(failures).isEmpty();
      }
    }
  }

  @Test
  void aHandshakeThatIsDrawnOutDoesNotKeepTheExporter() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread drawingOut =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  // The head of a record of 16,384 bytes.
                  socket.getOutputStream().write(new byte[] {22, 3, 3, 64, 0});
                  while (!end.await(50, TimeUnit.MILLISECONDS)) {
                    socket.getOutputStream().write(1);
                  }
                } catch (IOException | InterruptedException over) {
                  end.countDown();
                }
              });
      drawingOut.start();
      Map<String, String> properties = endpoint("https://127.0.0.1:" + server.getLocalPort());
      properties.put("otel.exporter.otlp.timeout", "300");
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);

        assertThat(failures).hasSize(1);
        assertThat(failures.get(0)).endsWith("its answer did not end in time");
      } finally {
        end.countDown();
        drawingOut.join();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, Collector.WITH_BODY, Collector.WITH_CHUNKS})
  void exportsGoOverOneConnection(int behaviour) throws IOException {
    try (Collector collector = new Collector(behaviour)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.metrics.exporter", "none");
      properties.put("otel.bsp.schedule.delay", "10");
      try (OtlpExport export = start(properties)) {
        for (int i = 1; i <= 3; i++) {
          int posts = i;
          record(export);
          await().until(() -> collector.posts.size() == posts);
        }
      }

      assertThat(collector.posts).hasSize(3);
      assertThat(collector.sockets).hasSize(1);
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        Collector.PARTIAL_SUCCESS,
        Collector.PARTIAL_SUCCESS_IN_JSON,
        Collector.LOGIN_PAGE,
        Collector.PAGE_WITHOUT_TYPE
      })
  void aCollectorThatTakesNothingWithA200IsTold(int behaviour) throws IOException {
    try (Collector collector = new Collector(behaviour)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        for (int i = 1; i <= 3; i++) {
          int exports = i;
          record(export);
          export.flush(ENOUGH);
          await().until(() -> failures.size() == exports);
        }
      }

      String why =
          behaviour == Collector.LOGIN_PAGE || behaviour == Collector.PAGE_WITHOUT_TYPE
              ? "a web page came back, which no collector sends"
              : "the collector rejected 5 of them (a partial success; its own log may say why)";
      assertThat(warned)
          .containsExactly("traces cannot be sent to " + collector.url() + "/v1/traces: " + why);
      assertThat(collector.posts).hasSize(3);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Collector.ADVICE, Collector.WITH_BODY, Collector.WITH_CHUNKS, 200, 204})
  void whatIsTakenIsNotTold(int behaviour) throws IOException {
    try (Collector collector = new Collector(behaviour)) {
      try (OtlpExport export = start(endpoint(collector.url()))) {
        record(export);
        export.flush(ENOUGH);
      }
      assertThat(warned).isEmpty();
      assertThat(failures).isEmpty();
    }
  }

  /** Whatever the answer to an export is, it is an answer. */
  @Property(tries = 1_000)
  void noBodyIsTooMuch(@ForAll byte[] body) {
    NotTaken.rejectedIn(body);
    byte[] partial = Arrays.copyOf(new byte[] {0x0a, (byte) body.length}, body.length + 2);
    System.arraycopy(body, 0, partial, 2, body.length);
    NotTaken.rejectedIn(partial);
  }

  @ParameterizedTest
  @ValueSource(ints = {Collector.LATER_BY_DATE, Collector.LATER_BY_FRACTION})
  void waitsAsLongAsItIsTold(int behaviour) throws IOException {
    try (Collector collector = new Collector(behaviour, 200)) {
      Map<String, String> properties = endpoint(collector.url());
      properties.put("otel.metrics.exporter", "none");
      try (OtlpExport export = start(properties)) {
        record(export);
        export.flush(ENOUGH);
      }
      assertThat(failures).isEmpty();
      assertThat(collector.posts).hasSize(2);
      // Without it, 1.2 s at most.
      assertThat(collector.posts.get(1).at - collector.posts.get(0).at)
          .isGreaterThan(TimeUnit.MILLISECONDS.toNanos(1_800));
    }
  }

  /** As names in container networks have; localhost cannot be written with one. */
  @Test
  void aHostMayHaveAnUnderscore() throws Exception {
    Map<String, String> properties = endpoint("http://user:hidden@otel_collector.invalid:4317");
    properties.put("otel.exporter.otlp.timeout", "2000");
    properties.put("otel.metrics.exporter", "none");
    try (OtlpExport export = start(properties)) {
      record(export);
      export.flush(ENOUGH);
    }
    assertThat(warned)
        .containsExactly(
            "traces cannot be sent to http://otel_collector.invalid:4317/v1/traces: the host is"
                + " not known");
  }

  @Test
  void onlyWhoIsAskedForAnExportIsParticular() {
    Map<String, String> ofOthers = new HashMap<>();
    ofOthers.put("otel.traces.sampler", "jaeger_remote");
    ofOthers.put("otel.resource.attributes", "a=50%");
    ofOthers.put("otel.bsp.schedule.delay", "soon");
    ofOthers.put("otel.bsp.max.queue.size", "99999999999");
    ofOthers.put("otel.metrics.exporter", "prometheus");
    ofOthers.put("otel.exporter.otlp.protocol", "grpc");
    OtlpSettings settings = OtlpSettings.from(ofOthers);
    assertThat(settings.isOn()).isFalse();
    assertThat(settings.warnings()).isEmpty();
  }

  @Test
  void anotherExporterIsNotOurs() {
    for (String exporter : Arrays.asList("prometheus", "console", "logging, prometheus", "none")) {
      Map<String, String> properties = endpoint("http://127.0.0.1:4318");
      properties.put("otel.metrics.exporter", exporter);
      OtlpSettings settings = OtlpSettings.from(properties);
      assertThat(settings.endpoint(OtlpSettings.Signal.METRICS)).isNull();
      assertThat(settings.endpoint(OtlpSettings.Signal.TRACES)).isNotNull();
      assertThat(settings.warnings()).hasSize(exporter.equals("none") ? 0 : 1);
    }
    Map<String, String> both = endpoint("http://127.0.0.1:4318");
    both.put("otel.metrics.exporter", "prometheus , otlp");
    assertThat(OtlpSettings.from(both).endpoint(OtlpSettings.Signal.METRICS)).isNotNull();
    assertThat(OtlpSettings.from(both).warnings()).isEmpty();
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
    for (String port : new String[] {"99999", "65536", "0"}) {
      assertRefused("otel.exporter.otlp.endpoint", "http://h:" + port, "port from 1 to 65535");
      assertRefused("otel.exporter.otlp.endpoint", "http://a_b:" + port, "port from 1 to 65535");
    }
    assertRefused("otel.exporter.otlp.endpoint", "http://:4318", "http or https URL");
    assertRefused("otel.exporter.otlp.endpoint", "http://a_b:x", "http or https URL");
    assertRefused("otel.exporter.otlp.client.key", "key.pem", "client.certificate", "each other");
    assertRefused("otel.exporter.otlp.client.certificate", "c.pem", "client.key", "each other");
    assertRefused("otel.traces.sampler", "jaeger_remote", "otel.traces.sampler");
    assertRefused("otel.bsp.schedule.delay", "0", "otel.bsp.schedule.delay");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"KEY%0A", "KEY%0D%0Ax-other: 1", "K%0aEY", "KEY%00", "KEY%C3%A9", "KEY%7F"})
  void aHeaderThatIsNoLineIsRefusedWithoutItsValue(String value) {
    for (String property :
        Arrays.asList("otel.exporter.otlp.headers", "otel.exporter.otlp.traces.headers")) {
      Map<String, String> properties = endpoint("http://127.0.0.1:4318");
      properties.put(property, "x-team=a,authorization=" + value);
      assertThatThrownBy(() -> OtlpSettings.from(properties))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              property
                  + ": the value of authorization must be one line of visible ASCII characters");
    }
  }

  @Test
  void aHeaderWhoseNameIsNoneIsRefusedWithoutIt() {
    Map<String, String> properties = endpoint("http://127.0.0.1:4318");
    properties.put("otel.exporter.otlp.headers", "Bearer KEY==");
    assertThatThrownBy(() -> OtlpSettings.from(properties))
        .hasMessage("otel.exporter.otlp.headers must be like name=value,name=value");
  }

  @ParameterizedTest
  @ValueSource(strings = {"200000000", "2147483647", "2147483648", "99999999999999999999999"})
  void whatIsTooLargeIsTheDefaultAndIsTold(String value) {
    Map<String, String> properties = endpoint("http://127.0.0.1:4318");
    properties.put("otel.bsp.max.queue.size", value);
    properties.put("otel.bsp.max.export.batch.size", value);
    OtlpSettings settings = OtlpSettings.from(properties);

    assertThat(settings.maxQueueSize()).isEqualTo(2_048);
    assertThat(settings.maxBatchSize()).isEqualTo(512);
    assertThat(settings.warnings())
        .containsExactly(
            "otel.bsp.max.queue.size must be 1000000 at most; the default, 2048, is used",
            "otel.bsp.max.export.batch.size must be 1000000 at most; the default, 512, is used");
    OtlpExport.start(settings, "shop", "1.2.3", timer, errors, warned::add).close();
  }

  @Test
  void timesThatAreTooLongAreTheDefaultsAndAreTold() {
    Map<String, String> properties = endpoint("http://127.0.0.1:4318");
    properties.put("otel.bsp.schedule.delay", "2147483648");
    properties.put("otel.metric.export.interval", "9223372036854775807");
    properties.put("otel.exporter.otlp.timeout", "9223372036854775808");
    OtlpSettings settings = OtlpSettings.from(properties);

    assertThat(settings.scheduleDelay()).isEqualTo(Duration.ofSeconds(5));
    assertThat(settings.metricInterval()).isEqualTo(Duration.ofMinutes(1));
    assertThat(settings.timeout(OtlpSettings.Signal.TRACES)).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.warnings())
        .hasSize(3)
        .allMatch(each -> each.contains(" must be 2147483647 at most; the default, "));
  }

  @Test
  void theLargestThatIsHonouredStarts() {
    Map<String, String> properties = endpoint("http://127.0.0.1:4318");
    properties.put("otel.bsp.max.queue.size", "1000000");
    properties.put("otel.metric.export.interval", "2147483647");
    OtlpSettings settings = OtlpSettings.from(properties);

    assertThat(settings.warnings()).isEmpty();
    assertThat(settings.maxQueueSize()).isEqualTo(1_000_000);
    OtlpExport.start(settings, "shop", "1.2.3", timer, errors, warned::add).close();
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
    return OtlpExport.start(
        OtlpSettings.from(properties), "shop", "1.2.3", timer, errors, warned::add);
  }

  private static void record(OtlpExport export) {
    new SpanListener(export.openTelemetry(), "1").record(SampleCalls.answered().build());
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
