package io.flyball.engine.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.flyball.engine.ReportedErrors;
import io.flyball.engine.anomaly.Anomaly;
import io.flyball.engine.anomaly.SampleAnomalies;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.time.SharedTimer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnomalyWebhookTest {
  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> warnings = new LinkedBlockingQueue<>();
  private final SharedTimer timer = new SharedTimer(new ReportedErrors());
  private final CountDownLatch release = new CountDownLatch(1);
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private volatile int status = 200;
  private volatile boolean hangs;
  private volatile String authorization;
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          ByteArrayOutputStream body = new ByteArrayOutputStream();
          InputStream in = exchange.getRequestBody();
          for (int b = in.read(); b >= 0; b = in.read()) {
            body.write(b);
          }
          authorization = exchange.getRequestHeaders().getFirst("Authorization");
          received.add(new String(body.toByteArray(), StandardCharsets.UTF_8));
          if (hangs) {
            try {
              release.await();
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          }
          exchange.sendResponseHeaders(status, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    release.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private AnomalyWebhook webhook(int timeoutMillis) {
    return new AnomalyWebhook(
        URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hook/s3cret"),
        Collections.singletonMap("Authorization", "Bearer t0ken"),
        timeoutMillis,
        timer,
        "shop",
        warnings::add);
  }

  private String next() throws InterruptedException {
    String message = received.poll(20, TimeUnit.SECONDS);
    assertThat(message).as("nothing was posted").isNotNull();
    return message;
  }

  @Test
  void postsBeginningAndEnd() throws Exception {
    AnomalyWebhook webhook = webhook(20_000);
    Anomaly began = SampleAnomalies.spending("acme");
    webhook.began(began);
    JsonNode posted = new ObjectMapper().readTree(next());
    assertThat(posted.get("event").asText()).isEqualTo("anomaly");
    assertThat(posted.get("state").asText()).isEqualTo("began");
    assertThat(posted.get("service").asText()).isEqualTo("shop");
    assertThat(posted.get("scope").asText()).isEqualTo("tenant");
    assertThat(posted.get("key").asText()).isEqualTo("acme");
    assertThat(posted.get("spent").decimalValue()).isEqualByComparingTo("12.5");
    assertThat(posted.get("text").asText())
        .isEqualTo("Flyball: tenant acme spends 12.5 USD in 10m, usual are 1.25 USD");
    assertThat(authorization).isEqualTo("Bearer t0ken");
    webhook.ended(SampleAnomalies.ended(began));
    posted = new ObjectMapper().readTree(next());
    assertThat(posted.get("state").asText()).isEqualTo("ended");
    assertThat(posted.get("reason").asText()).isEqualTo("over");
    assertThat(warnings).isEmpty();
  }

  @Test
  void postsAlertsToo() throws Exception {
    Alerts alerts = new Alerts(TimeSource.SYSTEM, Runnable::run, new ReportedErrors());
    alerts.listen(webhook(20_000));
    SampleAlerts.spend(alerts, "acme", "0.85");
    JsonNode posted = new ObjectMapper().readTree(next());
    assertThat(posted.get("event").asText()).isEqualTo("budget");
    assertThat(posted.get("service").asText()).isEqualTo("shop");
    assertThat(posted.get("text").asText()).startsWith("Flyball: budget `daily`, tenant acme");
    SampleAlerts.grow(alerts, "search");
    posted = new ObjectMapper().readTree(next());
    assertThat(posted.get("event").asText()).isEqualTo("prompt-growth");
    assertThat(posted.get("feature").asText()).isEqualTo("search");
  }

  @Test
  void whatDoesNotGoThroughIsToldOnceAndSentOnce() throws Exception {
    status = 500;
    AnomalyWebhook webhook = webhook(20_000);
    for (int i = 0; i < 5; i++) {
      webhook.began(SampleAnomalies.spending("t" + i));
    }
    for (int i = 0; i < 5; i++) {
      next();
    }
    String warning = warnings.poll(20, TimeUnit.SECONDS);
    assertThat(warning).contains("500").doesNotContain("s3cret").doesNotContain("t0ken");
    status = 200;
    webhook.began(SampleAnomalies.spending("fine"));
    assertThat(next()).contains("\"fine\"");
    assertThat(received).isEmpty();
    assertThat(warnings).isEmpty();
  }

  @Test
  void whoDoesNotAnswerIsNotWaitedForForever() throws Exception {
    hangs = true;
    AnomalyWebhook webhook = webhook(200);
    webhook.began(SampleAnomalies.spending("slow"));
    assertThat(warnings.poll(20, TimeUnit.SECONDS)).contains("SocketTimeoutException");
  }

  @Test
  void onlySoManyWait() throws Exception {
    hangs = true;
    AnomalyWebhook webhook = webhook(60_000);
    for (int i = 0; i < 150; i++) {
      webhook.began(SampleAnomalies.spending("t" + i));
    }
    assertThat(warnings.poll(20, TimeUnit.SECONDS)).contains("too many wait");
    assertThat(warnings).isEmpty();
  }

  @Test
  void anAnswerThatIsDrawnOutKeepsNothing() throws Exception {
    try (ServerSocket drawingOut = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      threads.execute(() -> drawOut(drawingOut));
      AnomalyWebhook webhook =
          new AnomalyWebhook(
              URI.create("http://127.0.0.1:" + drawingOut.getLocalPort() + "/"),
              Collections.emptyMap(),
              200,
              timer,
              "shop",
              warnings::add);
      webhook.began(SampleAnomalies.spending("acme"));
      assertThat(warnings.poll(20, TimeUnit.SECONDS))
          .startsWith("anomaly.webhook: a message could not be sent to 127.0.0.1");
    }
  }

  private void drawOut(ServerSocket server) {
    try (Socket socket = server.accept()) {
      OutputStream out = socket.getOutputStream();
      out.write("HTTP/1.1 200 O".getBytes(StandardCharsets.US_ASCII));
      while (!release.await(50, TimeUnit.MILLISECONDS)) {
        out.write("K".getBytes(StandardCharsets.US_ASCII));
      }
    } catch (IOException | InterruptedException over) {
      release.countDown();
    }
  }
}
