package io.flyball.engine.telemetry.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.net.HttpPosts;
import io.flyball.engine.telemetry.SampleCalls;
import io.flyball.engine.telemetry.SpanListener;
import io.flyball.engine.time.SharedTimer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TlsCollectorTest {
  private static final String PASSWORD = "changeit";
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

  @TempDir Path dir;
  private final ReportedErrors errors = new ReportedErrors();
  private final SharedTimer timer = new SharedTimer(errors);
  private final List<String> served = new CopyOnWriteArrayList<>();
  private final List<String> warned = new CopyOnWriteArrayList<>();
  private SSLContext context;
  private SSLServerSocket server;
  private Path certificate;
  private Path key;

  @BeforeEach
  void aCertificateThatBothSidesHave() throws Exception {
    Path store = dir.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                String.join(File.separator, System.getProperty("java.home"), "bin", "keytool"),
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD)
            .inheritIO()
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    Key secret = keys.getKey("a", PASSWORD.toCharArray());
    key = pem("PRIVATE KEY", secret.getEncoded());
    certificate = pem("CERTIFICATE", keys.getCertificate("a").getEncoded());
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, PASSWORD.toCharArray());
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("a", keys.getCertificate("a"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
    timer.close();
  }

  private Path pem(String what, byte[] bytes) throws IOException {
    String text =
        "-----BEGIN "
            + what
            + "-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes)
            + "\n-----END "
            + what
            + "-----\n";
    return Files.write(
        dir.resolve(what.replace(' ', '-')), text.getBytes(StandardCharsets.US_ASCII));
  }

  private void serve() {
    SSLServerSocket listening = server;
    Thread thread =
        new Thread(
            () -> {
              while (!listening.isClosed()) {
                try (SSLSocket socket = (SSLSocket) listening.accept()) {
                  socket.startHandshake();
                  String peer =
                      listening.getNeedClientAuth()
                          ? socket.getSession().getPeerPrincipal().getName()
                          : "anybody";
                  while (readPost(socket.getInputStream())) {
                    served.add(peer + " on " + socket.getPort());
                    socket.getOutputStream().write(OK.getBytes(StandardCharsets.US_ASCII));
                  }
                } catch (IOException over) {
                  // The next one.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static boolean readPost(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        return false;
      }
      head.append((char) read);
    }
    int at = head.indexOf("Content-Length: ") + "Content-Length: ".length();
    int length = Integer.parseInt(head.substring(at, head.indexOf("\r", at)));
    for (int i = 0; i < length; i++) {
      in.read();
    }
    return true;
  }

  private Map<String, String> properties() {
    Map<String, String> properties = new HashMap<>();
    properties.put(
        "otel.exporter.otlp.traces.endpoint", "https://127.0.0.1:" + server.getLocalPort());
    properties.put("otel.exporter.otlp.certificate", certificate.toString());
    properties.put("otel.exporter.otlp.client.key", key.toString());
    properties.put("otel.exporter.otlp.client.certificate", certificate.toString());
    return properties;
  }

  @Test
  void aCollectorThatWantsToKnowWhoWeAreIsTold() {
    server.setNeedClientAuth(true);
    serve();
    try (OtlpExport export =
        OtlpExport.start(
            OtlpSettings.from(properties()), "shop", "1", timer, errors, warned::add)) {
      new SpanListener(export.openTelemetry(), "1").record(SampleCalls.answered().build());
      export.flush(Duration.ofSeconds(20));
      await().until(() -> !served.isEmpty());
    }
    assertThat(served.get(0)).startsWith("CN=localhost");
    assertThat(warned).isEmpty();
  }

  @Test
  void aKeyThatIsNoneIsRefusedByName() throws IOException {
    Files.write(key, "secret".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(
            () ->
                OtlpExport.start(
                    OtlpSettings.from(properties()), "shop", "1", timer, errors, warned::add))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("otel.exporter.otlp.client.key")
        .hasMessageNotContaining("secret");
  }

  @Test
  void beneathTlsAConnectionServesSeveralRequests() throws Exception {
    serve();
    try (HttpPosts posts =
        new HttpPosts(
            URI.create("https://127.0.0.1:" + server.getLocalPort() + "/"), context, timer)) {
      for (int i = 0; i < 3; i++) {
        int status =
            posts
                .post(
                    Collections.<String, List<String>>emptyMap(),
                    new byte[1],
                    20_000,
                    20_000,
                    TimeUnit.SECONDS.toNanos(20))
                .status();
        assertThat(status).isEqualTo(200);
      }
    }
    assertThat(new HashSet<>(served)).hasSize(1);
  }
}
