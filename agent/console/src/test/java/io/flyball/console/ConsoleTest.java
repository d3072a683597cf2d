package io.flyball.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.base.log.Level;
import io.flyball.base.log.Log;
import io.flyball.engine.anomaly.Anomalies;
import io.flyball.engine.anomaly.AnomalySettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Amounts;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.View;
import io.flyball.engine.client.ClientLibraries;
import io.flyball.engine.event.Alerts;
import io.flyball.engine.limit.LimitRequest;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.telemetry.CallHistory;
import io.flyball.wire.Cancellation;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleTest {
  private static final String HOST = "Host: 127.0.0.1";

  private final CallHistory history = new CallHistory(10);
  private final Limiter limiter = new Limiter(TimeSource.SYSTEM, (nanos, task) -> () -> {});
  private final Anomalies anomalies =
      new Anomalies(
          TimeSource.SYSTEM, (nanos, task) -> () -> {}, Runnable::run, (place, failure) -> {});
  private final List<String> failures = new CopyOnWriteArrayList<>();
  private final ClientLibraries clients =
      new ClientLibraries(
          Log.to(Level.OFF, line -> {}, Clock.systemUTC()),
          (place, failure) -> failures.add(place));
  private final Alerts alerts =
      new Alerts(TimeSource.SYSTEM, Runnable::run, (place, failure) -> failures.add(place));
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alerts::tell);
  private Supplier<String> metrics = () -> "flyball_calls_total 1.0\n";
  private Console console;

  @BeforeEach
  void open() {
    console = start(new ConsoleSettings("127.0.0.1", 0, null, false));
  }

  @AfterEach
  void close() {
    console.close();
  }

  @Test
  void showsTheLastCalls() throws IOException {
    history.callEnded(SampleCalls.answered("c1", "search"));
    history.callEnded(SampleCalls.answered("c2", "chat"));

    RawResponse response = get("/api/calls", bearer());

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.header("content-type")).startsWith("application/json");
    JsonNode calls = new ObjectMapper().readTree(response.body()).get("calls");
    assertThat(calls).hasSize(2);
    assertThat(calls.get(0).get("call_id").asText()).isEqualTo("c2");
    assertThat(calls.get(1).get("feature").asText()).isEqualTo("search");
  }

  @Test
  void sumsUpByFeatureModelAndTenant() throws IOException {
    history.callEnded(SampleCalls.answered("c1", "search"));
    history.callEnded(SampleCalls.answered("c2", "search"));
    history.callEnded(SampleCalls.answered("c3", "chat"));

    RawResponse response = get("/api/summary", bearer());

    JsonNode summary = new ObjectMapper().readTree(response.body());
    assertThat(summary.get("service").asText()).isEqualTo("shop");
    assertThat(summary.get("totals").get("calls").asLong()).isEqualTo(3);
    assertThat(response.body()).contains("\"cost_usd\":0.03,");
    assertThat(summary.get("by_feature").get(0).get("name").asText()).isEqualTo("search");
    assertThat(summary.get("by_feature").get(0).get("input_tokens").asLong()).isEqualTo(200);
    assertThat(summary.get("by_model").get(0).get("name").asText()).isEqualTo("gpt-4o");
    assertThat(summary.get("by_tenant").get(0).get("outcomes").get("success").asLong())
        .isEqualTo(3);
  }

  @Test
  void showsWhatCapabilitiesShow() throws IOException {
    assertThat(get("/api/teapots", bearer()).body())
        .isEqualTo(
            "{\"teapots\":[{\"name\":\"\\\"round\\\"\",\"state\":\"hot\",\"cups\":3,"
                + "\"ready_in_ms\":1.5},"
                + "{\"name\":null,\"state\":\"cold\",\"cups\":0,\"ready_in_ms\":0.0}]}");
    JsonNode view =
        new ObjectMapper().readTree(get("/api/views", bearer()).body()).get("views").get(0);
    assertThat(view.get("name").asText()).isEqualTo("teapots");
    assertThat(view.get("title").asText()).isEqualTo("Teapots");
    assertThat(view.get("columns").get(1).toString())
        .isEqualTo(
            "{\"field\":\"state\",\"title\":\"state\",\"kind\":\"text\",\"usual\":\"cold\"}");
    assertThat(view.get("columns").get(3).get("kind").asText()).isEqualTo("millis");
    assertThat(get("/api/kettles", bearer()).status()).isEqualTo(404);
    assertThat(get("/api/", bearer()).status()).isEqualTo(404);
    assertThat(get("/api/teapots").status()).isEqualTo(401);
  }

  @Test
  void showsClientsAndWhatGoesPastFlyball() throws IOException {
    clients.found("Apache HttpClient 5", "file:/lib/httpclient5-5.5.2.jar", false);
    clients.found("OkHttp", "jar:nested:/app.jar/!BOOT-INF/lib/okhttp-4.12.0.jar!/", true);
    clients.connected("Apache HttpClient 5", "api.openai.com", 443, true);
    clients.connected("Apache HttpClient 5", "shop.example.com", 443, false);

    await()
        .untilAsserted(
            () ->
                assertThat(get("/api/clients", bearer()).body())
                    .isEqualTo(
                        "{\"clients\":["
                            + "{\"name\":\"Apache HttpClient 5\",\"version\":\"5.5.2\","
                            + "\"governed\":false},"
                            + "{\"name\":\"OkHttp\",\"version\":\"4.12.0\",\"governed\":true}],"
                            + "\"not_governed\":[{\"what\":\"Apache HttpClient 5\","
                            + "\"host\":\"api.openai.com:443\",\"model_host\":true}]}"));
  }

  @Test
  void showsRateLimits() throws IOException {
    limiter.configure(
        new LimitSettings(
            Collections.singletonMap(LimitScope.TENANT, new Limits(1, 5, Limits.UNLIMITED)),
            Collections.emptyMap(),
            false));
    for (int i = 0; i < 2; i++) {
      limiter.acquire(
          LimitRequest.ofCall(new Attribution("acme", null, null, null, null, null), 10),
          1_000_000_000,
          new Cancellation(),
          Runnable::run);
    }
    JsonNode shown = new ObjectMapper().readTree(get("/api/limits", bearer()).body());
    assertThat(shown.get("limits")).hasSize(1);
    assertThat(shown.get("limits").get(0).toString())
        .isEqualTo(
            "{\"scope\":\"tenant\",\"value\":\"acme\",\"waiting\":1,"
                + "\"concurrency\":{\"used\":1,\"limit\":1},\"requests\":{\"used\":1,\"limit\":5}}");
  }

  @Test
  void showsBudgetsAndForgetsWhatWasSpent() throws IOException {
    spend(daily(10));
    JsonNode shown = new ObjectMapper().readTree(get("/api/budgets", bearer()).body());
    assertThat(shown.get("budgets").get(0).get("used").asInt()).isEqualTo(1);
    assertThat(shown.get("budgets").get(0).get("limit").asInt()).isEqualTo(10);

    assertThat(post("/api/budgets/reset?account=daily").status()).isEqualTo(401);
    assertThat(post("/api/budgets/reset", bearer()).status()).isEqualTo(400);
    assertThat(post("/api/budgets/reset?account=other", bearer()).status()).isEqualTo(404);
    assertThat(post("/api/budgets/reset?account=daily", bearer()).status()).isEqualTo(200);
    shown = new ObjectMapper().readTree(get("/api/budgets", bearer()).body());
    assertThat(shown.get("budgets").get(0).get("used").asInt()).isZero();
  }

  @Test
  void showsAnomaliesAndReleasesThem() throws IOException {
    anomalies.apply(new AnomalySettings(4, 600_000, 86_400_000, 1, 1_000, 0, 3));
    anomalies.callEnded(SampleCalls.loop("c1", 3));
    JsonNode shown = new ObjectMapper().readTree(get("/api/anomalies", bearer()).body());
    JsonNode lasting = shown.get("lasting");
    assertThat(lasting).hasSize(1);
    assertThat(lasting.get(0).get("kind").asText()).isEqualTo("tool-loop");
    assertThat(lasting.get(0).get("state").asText()).isEqualTo("began");
    assertThat(lasting.get(0).get("repeats").asInt()).isEqualTo(3);
    assertThat(lasting.get(0).get("tenant").asText()).isEqualTo("acme");
    String id = lasting.get(0).get("id").asText();

    assertThat(post("/api/anomalies/release?id=" + id).status()).isEqualTo(401);
    assertThat(post("/api/anomalies/release", bearer()).status()).isEqualTo(400);
    assertThat(post("/api/anomalies/release?id=none", bearer()).status()).isEqualTo(404);
    assertThat(post("/api/anomalies/release?id=" + id, bearer()).status()).isEqualTo(200);
    shown = new ObjectMapper().readTree(get("/api/anomalies", bearer()).body());
    assertThat(shown.get("lasting")).isEmpty();
    assertThat(shown.get("past").get(0).get("reason").asText()).isEqualTo("released");
  }

  @Test
  void ofManyAccountsShowsThoseThatAreNearestToTheirLimits() throws IOException {
    Budget budget =
        new Budget(
            "daily",
            BudgetUnit.CALLS,
            10,
            BudgetWindow.of("1mo", ZoneOffset.UTC),
            EnumSet.of(Budget.Dimension.TENANT),
            Budget.Action.BLOCK,
            null,
            0.8);
    for (int i = 0; i < 1_100; i++) {
      spend(budget, "tenant-" + i);
    }
    spend(budget, "tenant-1050");
    spend(budget, "tenant-1051");
    spend(budget, "tenant-1051");
    JsonNode shown = new ObjectMapper().readTree(get("/api/budgets", bearer()).body());
    assertThat(shown.get("accounts").asInt()).isEqualTo(1_100);
    assertThat(shown.get("budgets")).hasSize(1_000);
    assertThat(shown.get("budgets").get(0).get("account").asText()).isEqualTo("daily|=tenant-1051");
    assertThat(shown.get("budgets").get(0).get("title").asText())
        .isEqualTo("budget `daily`, tenant tenant-1051");
    assertThat(shown.get("budgets").get(1).get("account").asText()).isEqualTo("daily|=tenant-1050");
  }

  @Test
  void showsAlerts() throws IOException {
    spend(daily(1));
    JsonNode shown = new ObjectMapper().readTree(get("/api/anomalies", bearer()).body());
    assertThat(shown.get("lasting")).isEmpty();
    assertThat(shown.get("alerts")).hasSize(1);
    JsonNode alert = shown.get("alerts").get(0);
    assertThat(alert.get("event").asText()).isEqualTo("budget");
    assertThat(alert.get("mark").asText()).isEqualTo("exhausted");
    assertThat(alert.get("service").asText()).isEqualTo("shop");
  }

  private static Budget daily(int calls) {
    return new Budget(
        "daily",
        BudgetUnit.CALLS,
        calls,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        0.8);
  }

  private void spend(Budget budget) {
    spend(budget, null);
  }

  private void spend(Budget budget, String tenant) {
    ledger
        .reserve(
            Collections.singletonList(budget),
            new Attribution(tenant, null, null, null, null, null),
            "m",
            new Amounts(0, 0, 1),
            System.currentTimeMillis())
        .reservation()
        .settle(new Amounts(0, 0, 1));
  }

  private RawResponse post(String target, String... headers) throws IOException {
    String[] all = new String[headers.length + 2];
    all[0] = HOST;
    all[1] = "Content-Length: 0";
    System.arraycopy(headers, 0, all, 2, headers.length);
    return RawResponse.of(port(), "POST " + target + " HTTP/1.1", all);
  }

  @Test
  void showsMetricsAndConfiguration() throws IOException {
    RawResponse scraped = get("/metrics", bearer());
    assertThat(scraped.body()).isEqualTo("flyball_calls_total 1.0\n");
    assertThat(scraped.header("content-type"))
        .isEqualTo("text/plain; version=0.0.4; charset=utf-8");
    assertThat(get("/api/config", bearer()).body()).isEqualTo("mode: govern");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/console.js", "/console.css"})
  void servesTheDashboardUnderAStrictPolicy(String path) throws IOException {
    RawResponse response = get(path, bearer());

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isNotEmpty();
    assertThat(response.header("content-security-policy"))
        .contains("default-src 'none'")
        .doesNotContain("unsafe");
    assertThat(response.header("x-content-type-options")).isEqualTo("nosniff");
  }

  @Test
  void theDashboardNeedsNothingFromElsewhere() throws IOException {
    for (String path : new String[] {"/", "/console.js", "/console.css"}) {
      assertThat(get(path, bearer()).body())
          .doesNotContain("http://", "https://", "style=", "onclick", "innerHTML");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/metrics", "/api/calls", "/api/summary", "/api/config", "/console.js", "/x"})
  void givesNothingAwayWithoutTheToken(String path) throws IOException {
    assertThat(get(path).status()).isEqualTo(401);
    assertThat(get(path, "Authorization: Bearer wrong").status()).isEqualTo(401);
    assertThat(get(path + "?token=wrong").status()).isEqualTo(401);
    assertThat(get(path, "Cookie: flyball_" + port() + "=wrong").status()).isEqualTo(401);
    assertThat(get(path).body()).doesNotContain(console.token());
  }

  @Test
  void aBrowserTradesTheTokenInItsAddressForACookie() throws IOException {
    RawResponse greeted = get("/?token=" + console.token());

    assertThat(greeted.status()).isEqualTo(302);
    assertThat(greeted.header("location")).isEqualTo("/");
    assertThat(greeted.header("set-cookie")).contains("HttpOnly", "SameSite=Strict");
    String cookie = greeted.header("set-cookie").split(";", -1)[0];
    assertThat(get("/api/summary", "Cookie: other=1; " + cookie).status()).isEqualTo(200);
  }

  @Test
  void theTokenInTheQueryOpensTheApi() throws IOException {
    assertThat(get("/api/summary?token=" + console.token()).status()).isEqualTo(200);
    StringBuilder escaped = new StringBuilder();
    for (char c : console.token().toCharArray()) {
      escaped.append(String.format("%%%02X", (int) c));
    }
    assertThat(get("/api/summary?token=" + escaped).status()).isEqualTo(200);
    assertThat(get("/api/summary?token=" + escaped + "%41").status()).isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "evil.example, 421",
    "127.0.0.1.evil.example:80, 421",
    "localhost.evil.example, 421",
    "localhost:1234, 200",
    "127.0.0.1:1234, 200",
    "[::1]:1234, 200",
  })
  void answersOnlyToItsOwnNames(String host, int status) throws IOException {
    RawResponse response =
        RawResponse.of(port(), "GET /api/summary HTTP/1.1", "Host: " + host, bearer());

    assertThat(response.status()).isEqualTo(status);
  }

  @ParameterizedTest
  @ValueSource(strings = {"POST", "PUT", "DELETE"})
  void isReadOnly(String method) throws IOException {
    RawResponse response =
        RawResponse.of(port(), method + " /api/summary HTTP/1.1", HOST, bearer());

    assertThat(response.status()).isEqualTo(405);
    assertThat(response.header("allow")).isEqualTo("GET, HEAD");
  }

  @Test
  void answersHeadWithoutABody() throws IOException {
    RawResponse response = RawResponse.of(port(), "HEAD /api/summary HTTP/1.1", HOST, bearer());

    assertThat(response.status()).isEqualTo(200);
    assertThat(response.body()).isEmpty();
  }

  @Test
  void healthNeedsNoToken() throws IOException {
    assertThat(get("/health").body()).isEqualTo("{\"status\":\"up\"}");
  }

  @Test
  void metricsCanBeOpenedToScrapers() throws IOException {
    try (Console open = start(new ConsoleSettings("127.0.0.1", 0, "0123456789abcdef", true))) {
      int port = URI.create(open.url()).getPort();
      assertThat(RawResponse.of(port, "GET /metrics HTTP/1.1", HOST).status()).isEqualTo(200);
      assertThat(RawResponse.of(port, "GET /api/calls HTTP/1.1", HOST).status()).isEqualTo(401);
    }
  }

  @Test
  void aFailureInsideIsReportedAndSaysNothing() throws IOException {
    metrics =
        () -> {
          throw new NoClassDefFoundError("inner secret");
        };

    RawResponse response = get("/metrics", bearer());

    assertThat(response.status()).isEqualTo(500);
    assertThat(response.body()).doesNotContain("secret");
    assertThat(failures).containsExactly("console");
  }

  @Test
  void unknownPathsAreNotFound() throws IOException {
    assertThat(get("/api/nothing", bearer()).status()).isEqualTo(404);
    assertThat(get("/../ConsoleTest.class", bearer()).status()).isEqualTo(404);
  }

  @Test
  void tokensAreRandomUnlessSet() {
    try (Console other = start(new ConsoleSettings("127.0.0.1", 0, null, false));
        Console set = start(new ConsoleSettings("127.0.0.1", 0, "mine-0123456789a", false))) {
      assertThat(other.token()).hasSize(32).isNotEqualTo(console.token());
      assertThat(set.token()).isEqualTo("mine-0123456789a");
    }
  }

  @Test
  void allItsThreadsAreDaemons() throws IOException {
    get("/health");

    assertThat(Thread.getAllStackTraces().keySet())
        .filteredOn(thread -> thread.getName().startsWith("flyball-console"))
        .isNotEmpty()
        .allMatch(Thread::isDaemon);
  }

  @Test
  void aPortInUseIsSaid() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () -> start(new ConsoleSettings("127.0.0.1", taken.getLocalPort(), null, false)))
          .isInstanceOf(ConsoleException.class)
          .hasMessageContaining("127.0.0.1:" + taken.getLocalPort())
          .hasMessageContaining("flyball.console.port")
          .hasMessageNotContaining("flyball.console.host");
    }
  }

  /** An address that is set aside for documentation. */
  @Test
  void aHostOfAnotherMachineIsSaid() {
    assertThatThrownBy(() -> start(new ConsoleSettings("192.0.2.1", 9464, null, false)))
        .isInstanceOf(ConsoleException.class)
        .hasMessageContaining("192.0.2.1:9464")
        .hasMessageContaining("flyball.console.host must be an address of this machine")
        .hasMessageNotContaining("flyball.console.port");
  }

  @Test
  void aHostThatDoesNotExistIsSaid() {
    assertThatThrownBy(() -> start(new ConsoleSettings("no.such.host.invalid", 0, null, false)))
        .isInstanceOf(ConsoleException.class)
        .hasMessageContaining("flyball.console.host");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 15})
  void aTokenThatCanBeGuessedIsRefused(int length) {
    String token = "zyxwvutsrqponmlk".substring(0, length);
    assertThatThrownBy(() -> start(new ConsoleSettings("127.0.0.1", 0, token, false)))
        .isInstanceOf(ConsoleException.class)
        .hasMessageContaining("flyball.console.token")
        .hasMessageContaining("16 characters")
        .hasMessageNotContaining(token);
  }

  @Test
  void theCookieIsNotTheTokenAndChangesNothing() throws IOException {
    RawResponse greeted = get("/?token=" + console.token());
    String cookie = greeted.header("set-cookie").split(";", -1)[0];
    String value = cookie.substring(cookie.indexOf('=') + 1);

    assertThat(cookie).startsWith("flyball_" + port() + '=');
    assertThat(value).hasSizeGreaterThanOrEqualTo(32).isNotEqualTo(console.token());
    assertThat(get("/api/summary", "Authorization: Bearer " + value).status()).isEqualTo(401);
    assertThat(get("/api/summary?token=" + value).status()).isEqualTo(401);
    assertThat(get("/api/summary", "Cookie: flyball_" + port() + '=' + console.token()).status())
        .isEqualTo(401);
    assertThat(post("/api/budgets/reset?account=daily", "Cookie: " + cookie).status())
        .isEqualTo(401);
    try (Console other = start(new ConsoleSettings("127.0.0.1", 0, console.token(), false))) {
      int port = URI.create(other.url()).getPort();
      String there = "Cookie: flyball_" + port + '=' + value;
      assertThat(RawResponse.of(port, "GET /api/summary HTTP/1.1", HOST, there).status())
          .isEqualTo(401);
    }
  }

  /** More than there are threads, and more than there may be connections. */
  @ParameterizedTest
  @ValueSource(ints = {8, 400})
  void halfRequestsSilenceNobody(int count) throws IOException {
    List<Socket> half = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        half.add(socket);
        String begun = i % 2 == 0 ? "GET /metr" : "POST /x HTTP/1.1\r\n" + HOST + "\r\n";
        socket.getOutputStream().write(begun.getBytes(StandardCharsets.US_ASCII));
      }
      assertThat(get("/health").status()).isEqualTo(200);
      assertThat(get("/metrics", bearer()).status()).isEqualTo(200);
      assertThat(get("/api/calls", bearer()).status()).isEqualTo(200);
    } finally {
      for (Socket socket : half) {
        socket.close();
      }
    }
  }

  @Test
  void halfARequestIsGivenUp() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      socket.setSoTimeout(30_000);
      socket
          .getOutputStream()
          .write("GET /health HTTP/1.1\r\n".getBytes(StandardCharsets.US_ASCII));
      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void metricsThatTakeLongKeepNobodyWaiting() throws Exception {
    CountDownLatch made = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    metrics =
        () -> {
          begun.countDown();
          try {
            made.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return "late\n";
        };
    List<Socket> asking = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        asking.add(socket);
        socket
            .getOutputStream()
            .write(
                ("GET /metrics HTTP/1.1\r\n" + HOST + "\r\n" + bearer() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
      }
      begun.await();
      assertThat(get("/health").status()).isEqualTo(200);
      assertThat(get("/api/summary", bearer()).status()).isEqualTo(200);
      made.countDown();
      assertThat(asking.get(0).getInputStream().read()).isEqualTo('H');
    } finally {
      made.countDown();
      for (Socket socket : asking) {
        socket.close();
      }
    }
  }

  /** A client that does not read its answer, which is longer than any buffer in between. */
  @Test
  void whoDoesNotReadKeepsNobodyWaiting() throws IOException {
    char[] many = new char[32 << 20];
    Arrays.fill(many, 'x');
    String page = new String(many);
    metrics = () -> page;
    List<Socket> asking = new ArrayList<>();
    try {
      for (int i = 0; i < 6; i++) {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port());
        asking.add(socket);
        socket
            .getOutputStream()
            .write(
                ("GET /metrics HTTP/1.1\r\n" + HOST + "\r\n" + bearer() + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
        assertThat(socket.getInputStream().read()).isEqualTo('H');
      }
      assertThat(get("/api/summary", bearer()).status()).isEqualTo(200);
      assertThat(get("/metrics", bearer()).body()).hasSize(32 << 20);
    } finally {
      for (Socket socket : asking) {
        socket.close();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'GARBAGE', 400",
    "'GET /health HTTP/2.0', 400",
    "'GET  HTTP/1.1', 400",
    "'GET /%zz HTTP/1.1', 400",
    "'GET * HTTP/1.1', 404",
    "'GET //health HTTP/1.1', 400",
    "'GET http://127.0.0.1/api/nothing HTTP/1.1', 404",
  })
  void whatIsNoRequestIsSaid(String line, int status) throws IOException {
    assertThat(RawResponse.of(port(), line, HOST, bearer()).status()).isEqualTo(status);
  }

  /** Memory that runs out for a moment, say, wherever that is noticed. */
  @Test
  void anErrorDoesNotEndTheServersThread() throws Exception {
    Field server = Console.class.getDeclaredField("server");
    server.setAccessible(true);
    Field answered = ConsoleServer.class.getDeclaredField("answered");
    answered.setAccessible(true);
    Object own = server.get(console);
    AtomicInteger left = new AtomicInteger(3);
    answered.set(
        own,
        new ConcurrentLinkedQueue<Connection>() {
          private static final long serialVersionUID = 1L;

          @Override
          public Connection poll() {
            if (left.getAndDecrement() > 0) {
              throw new OutOfMemoryError("made up");
            }
            return super.poll();
          }
        });

    assertThat(get("/health").status()).isEqualTo(200);
    assertThat(left).hasNegativeValue();
    assertThat(failures).contains("console");
    assertThat(get("/api/summary", bearer()).status()).isEqualTo(200);
  }

  /** As load balancers do that speak HTTP/1.0. */
  @Test
  void healthIsToldToWhoNamesNoHostAndNothingElseIs() throws IOException {
    assertThat(RawResponse.of(port(), "GET /health HTTP/1.0", "X: y").status()).isEqualTo(200);
    assertThat(RawResponse.of(port(), "HEAD /health HTTP/1.0", "X: y").status()).isEqualTo(200);
    for (String path : new String[] {"/", "/api/summary", "/metrics", "/health/", "/healthy"}) {
      String line = "GET " + path + " HTTP/1.0";
      assertThat(RawResponse.of(port(), line, bearer()).status()).isEqualTo(421);
    }
  }

  @Test
  void headersThatCouldBeReadTwoWaysAreRefused() throws IOException {
    assertThat(get("/health", "Bad Name: x").status()).isEqualTo(400);
    assertThat(get("/health", " folded: x").status()).isEqualTo(400);
    assertThat(get("/health", "Host: evil.example").status()).isEqualTo(421);
    assertThat(get("/health", "Host: 127.0.0.1", "Host: 127.0.0.1").status()).isEqualTo(421);
    assertThat(get("/health", "Transfer-Encoding: chunked").status()).isEqualTo(413);
    assertThat(get("/health", "Content-Length: 1", "Content-Length: 2").status()).isEqualTo(413);
    assertThat(get("/health", "Content-Length: 99999999").status()).isEqualTo(413);
    char[] many = new char[20_000];
    Arrays.fill(many, 'x');
    assertThat(get("/health", "X: " + new String(many)).status()).isEqualTo(431);
    assertThat(failures).isEmpty();
  }

  /** A connection that is closed with something unread takes what is under way with it. */
  @Test
  void aBodyDoesNotTakeTheAnswerAway() throws Exception {
    char[] many = new char[16 << 20];
    Arrays.fill(many, 'x');
    String page = new String(many);
    metrics = () -> page;
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
      byte[] head =
          ("GET /metrics HTTP/1.1\r\n"
                  + HOST
                  + "\r\n"
                  + bearer()
                  + "\r\nContent-Length: 50000\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII);
      byte[] request = Arrays.copyOf(head, head.length + 60_000);
      socket.getOutputStream().write(request);
      int length = 0;
      byte[] buffer = new byte[8_192];
      InputStream in = socket.getInputStream();
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        length += read;
      }
      assertThat(length).isGreaterThan(16 << 20);
    }
  }

  @Test
  void onceClosedNobodyListens() throws IOException {
    int port = port();
    console.close();
    assertThatThrownBy(() -> get("/health", port)).isInstanceOf(IOException.class);
  }

  private static void get(String target, int port) throws IOException {
    RawResponse.of(port, "GET " + target + " HTTP/1.1", HOST);
  }

  private Console start(ConsoleSettings settings) {
    return Console.start(
        settings,
        new ConsoleSources(
            "shop",
            "1.2.3",
            history,
            ledger,
            limiter,
            Collections.singletonList(teapots()),
            clients,
            anomalies,
            alerts,
            () -> metrics.get(),
            () -> "mode: govern",
            (place, failure) -> failures.add(place)));
  }

  private static View teapots() {
    return View.of("teapots", "Teapots", () -> Arrays.asList("\"round\"", ""))
        .text("name", "name", name -> name.isEmpty() ? null : name)
        .text("state", "state", "cold", name -> name.isEmpty() ? "cold" : "hot")
        .count("cups", "cups", name -> name.isEmpty() ? 0 : 3)
        .millis("ready_in_ms", "ready in", name -> name.isEmpty() ? 0 : 1.5)
        .build();
  }

  private RawResponse get(String target, String... headers) throws IOException {
    String[] all = new String[headers.length + 1];
    all[0] = HOST;
    System.arraycopy(headers, 0, all, 1, headers.length);
    return RawResponse.of(port(), "GET " + target + " HTTP/1.1", all);
  }

  private String bearer() {
    return "Authorization: Bearer " + console.token();
  }

  private int port() {
    return URI.create(console.url()).getPort();
  }
}
