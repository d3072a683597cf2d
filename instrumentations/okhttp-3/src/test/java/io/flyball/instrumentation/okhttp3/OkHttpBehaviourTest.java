package io.flyball.instrumentation.okhttp3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.X509TrustManager;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.MockWebServer;
import okio.BufferedSink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is OkHttp's own: its interceptors, derived clients, authenticators, bodies, sockets. */
@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OkHttpBehaviourTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.govern(new OkHttpInstrumentation());

  private static final String UNDER_TEST = System.getProperty("okhttp.under.test", "3.14.9");
  private static final MediaType JSON = MediaType.parse("application/json");
  private static final String PATH = "/v1/chat/completions";

  private FakeProvider provider;

  @BeforeEach
  void start() throws IOException {
    provider = FakeProvider.start();
  }

  @AfterEach
  void stop() throws IOException {
    provider.close();
    assertThat(AGENT.failures()).isEmpty();
  }

  private Request.Builder chat() {
    return new Request.Builder()
        .url(provider.url() + PATH)
        .header("Authorization", "Bearer sk-app")
        .post(RequestBody.create(JSON, Outgoing.CHAT));
  }

  private static String text(OkHttpClient client, Request request) throws IOException {
    try (Response response = client.newCall(request).execute()) {
      return response.body().string();
    }
  }

  @Test
  void thisIsTheVersionThatTheBuildAskedFor() throws Exception {
    text(new OkHttpClient(), chat().build());
    assertThat(provider.takeRequest().header("user-agent")).isEqualTo("okhttp/" + UNDER_TEST);
  }

  @Test
  void theEngineSeesTheUrlAsOkHttpTellsIt() throws Exception {
    RequestBody body = RecordedBody.record(RequestBody.create(JSON, Outgoing.CHAT), 1 << 20, false);
    for (String text :
        new String[] {
          "https://api.example.com/v1/chat/completions",
          "http://my_service:8080/v1/chat/completions?a=b&c=d+e",
          "https://user:secret@example.com/a;b=c/d@e",
          "https://example.com/a b/%20%zz/[x]?q={1|2}^`&r=%",
          "https://example.com/gr\u00fcn?q=\u00e9#f \u00e9",
          "https://[::1]:8443/v1/",
          "https://example.com/?",
          "https://example.com/it's(!)*$~"
        }) {
      Request request = new Request.Builder().url(text).post(body).build();
      assertThat(Messages.toWire(request).uri()).as(text).isEqualTo(request.url().uri());
      assertThat(Messages.toWire(request).uri().toString())
          .as(text)
          .isEqualTo(request.url().uri().toString());
    }
  }

  @Test
  void aClientDerivedForEveryCallIsGovernedOnce() throws Exception {
    OkHttpClient client = new OkHttpClient();
    for (int i = 0; i < 3; i++) {
      client = client.newBuilder().addInterceptor(chain -> chain.proceed(chain.request())).build();
      try (Response response = client.newCall(chat().build()).execute()) {
        assertThat(response.headers("x-flyball-call")).hasSize(1);
        assertThat(response.header("x-flyball-attempts")).isEqualTo("1");
      }
    }
    assertThat(client.interceptors()).hasSize(3).noneMatch(GovernInterceptor.class::isInstance);
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void theApplicationsInterceptorsRunOnceInTheirOrder() throws Exception {
    List<String> seen = new ArrayList<>();
    OkHttpClient client =
        new OkHttpClient.Builder()
            .addInterceptor(noting("first", seen))
            .addInterceptor(noting("second", seen))
            .build();
    provider.answer(CannedAnswers.openAiError(503, "overloaded"));
    text(client, chat().header(ScriptedStage.HEADER, "retry").build());
    provider.answer(Answer.silence());
    text(client, chat().header(ScriptedStage.HEADER, "timeout 200").build());
    text(client, chat().header(ScriptedStage.HEADER, "answer").build());
    assertThat(seen).containsExactly("first", "second", "first", "second", "first", "second");
  }

  private static Interceptor noting(String name, List<String> seen) {
    return chain -> {
      seen.add(name);
      return chain.proceed(chain.request());
    };
  }

  @Test
  void aCallThatIsCancelledBeforeItIsGovernedCountsAsCancelled() {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .addInterceptor(
                chain -> {
                  chain.call().cancel();
                  return chain.proceed(chain.request());
                })
            .build();
    int before = AGENT.records().size();

    assertThatThrownBy(() -> text(client, chat().build()))
        .isInstanceOf(IOException.class)
        .hasMessage("Canceled")
        .hasNoCause();
    assertThat(AGENT.records().subList(before, AGENT.records().size()))
        .extracting(CallRecord::outcome)
        .containsExactly(Outcome.CANCELLED);
    assertThat(provider.requests()).isEmpty();
  }

  @Test
  void theResponseSpeaksOfTheApplicationsOwnRequest() throws Exception {
    Request request = chat().header(ScriptedStage.HEADER, "answer").build();
    Request sent = chat().build();
    OkHttpClient client = new OkHttpClient();
    try (Response made = client.newCall(request).execute();
        Response real = client.newCall(sent).execute()) {
      assertThat(made.request()).isSameAs(request);
      assertThat(made.isSuccessful()).isTrue();
      assertThat(real.request()).isSameAs(sent);
      assertThat(real.body().contentType()).isEqualTo(JSON);
      assertThat(real.body().contentLength()).isEqualTo(CannedAnswers.CHAT.length());
      real.body().string();
    }
  }

  @Test
  void anotherHostGetsNothingFromTheApplicationsAuthenticator() throws Exception {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .authenticator(
                (route, response) ->
                    response.request().newBuilder().header("Authorization", "sk-late").build())
            .addNetworkInterceptor(
                chain ->
                    chain.proceed(
                        chain.request().newBuilder().header("x-api-key", "sk-network").build()))
            .build();
    try (FakeProvider other = FakeProvider.start()) {
      other.answer(CannedAnswers.openAiError(401, "invalid_api_key"));
      String script = "redirect " + other.url() + " sk-other";
      try (Response response =
          client.newCall(chat().header(ScriptedStage.HEADER, script).build()).execute()) {
        assertThat(response.code()).isEqualTo(401);
        assertThat(response.networkResponse()).isNull();
        assertThat(response.request().header("Authorization")).isEqualTo("Bearer sk-app");
      }
      assertThat(other.requests()).hasSize(1);
      assertThat(other.requests().get(0).rawText())
          .contains("sk-other")
          .doesNotContain("sk-late")
          .doesNotContain("sk-network");
    }
  }

  @Test
  void theApplicationsAuthenticatorStillAnswersA401() throws Exception {
    OkHttpClient client =
        new OkHttpClient.Builder()
            .authenticator(
                (route, response) ->
                    response.request().newBuilder().header("Authorization", "renewed").build())
            .build();
    provider.answer(CannedAnswers.openAiError(401, "expired"));
    assertThat(text(client, chat().build())).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests())
        .extracting(request -> request.header("authorization"))
        .containsExactly("Bearer sk-app", "renewed");
  }

  @Test
  void aBodyOfUnknownLengthGoesOutInTheSameChunks() throws Exception {
    byte[] filler = new byte[20_000];
    Arrays.fill(filler, (byte) ' ');
    RequestBody body =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return JSON;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            sink.writeUtf8("{\"model\":\"m\",").flush();
            sink.write(filler);
            sink.writeUtf8(Outgoing.CHAT.substring(1));
          }
        };
    OkHttpClient client = new OkHttpClient();
    Request request = chat().post(body).build();
    String twinPath = "/v1/chat/completionz";
    text(client, request.newBuilder().url(provider.url() + twinPath).build());
    text(client, request);
    List<RecordedRequest> requests = provider.requests();
    assertThat(requests.get(1).rawText().replace(PATH, twinPath))
        .isEqualTo(requests.get(0).rawText());
    assertThat(requests.get(1).header("transfer-encoding")).isEqualTo("chunked");
  }

  @Test
  void aBodyIsWrittenOnceHoweverOftenItIsSent() throws Exception {
    List<String> writes = new ArrayList<>();
    RequestBody body =
        new RequestBody() {
          @Override
          public MediaType contentType() {
            return JSON;
          }

          @Override
          public void writeTo(BufferedSink sink) throws IOException {
            writes.add("write");
            sink.writeUtf8(Outgoing.CHAT);
          }
        };
    provider.answer(CannedAnswers.openAiError(503, "overloaded"));
    text(new OkHttpClient(), chat().post(body).header(ScriptedStage.HEADER, "retry").build());
    assertThat(writes).hasSize(1);
    assertThat(provider.requests())
        .extracting(RecordedRequest::bodyText)
        .containsExactly(Outgoing.CHAT, Outgoing.CHAT);
  }

  @Test
  void webSocketsAreNotTouched() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.enqueue(
          new MockResponse()
              .withWebSocketUpgrade(
                  new WebSocketListener() {
                    @Override
                    public void onOpen(WebSocket socket, Response response) {
                      socket.send("hello");
                    }
                  }));
      BlockingQueue<String> messages = new LinkedBlockingQueue<>();
      OkHttpClient client = new OkHttpClient();
      WebSocket socket =
          client.newWebSocket(
              new Request.Builder().url(server.url("/v1/realtime")).build(),
              new WebSocketListener() {
                @Override
                public void onMessage(WebSocket from, String message) {
                  messages.add(message);
                }
              });
      assertThat(messages.poll(30, TimeUnit.SECONDS)).isEqualTo("hello");
      socket.cancel();
    }
  }

  @Test
  void http2IsGoverned() throws Exception {
    try (MockWebServer server = new MockWebServer()) {
      server.useHttps(FakeProvider.trustingClient().getSocketFactory(), false);
      server.enqueue(new MockResponse().setResponseCode(503));
      server.enqueue(
          new MockResponse()
              .setHeader("Content-Type", "application/json")
              .setBody(CannedAnswers.CHAT));
      OkHttpClient client = trusting().hostnameVerifier((host, session) -> true).build();
      Request request = chat().url(server.url(PATH)).header(ScriptedStage.HEADER, "retry").build();
      try (Response response = client.newCall(request).execute()) {
        assertThat(response.protocol()).isEqualTo(Protocol.HTTP_2);
        assertThat(response.body().string()).isEqualTo(CannedAnswers.CHAT);
        assertThat(response.header("x-flyball-attempts")).isEqualTo("2");
      }
      assertThat(server.takeRequest().getHeader("x-flyball-test")).isNull();
      assertThat(server.takeRequest().getBody().readUtf8()).isEqualTo(Outgoing.CHAT);
    }
  }

  private static int version() {
    return UNDER_TEST.charAt(0) - '0';
  }

  private static OkHttpClient.Builder trusting() {
    return new OkHttpClient.Builder()
        .sslSocketFactory(
            FakeProvider.trustingClient().getSocketFactory(),
            (X509TrustManager) FakeProvider.trust().getTrustManagers()[0]);
  }

  @Test
  void anotherHostIsTrustedButGetsNoClientCertificate() throws Exception {
    assumeTrue(version() >= 4, "the client does not tell whom it trusts");
    try (FakeProvider own = FakeProvider.startTls();
        FakeProvider other = FakeProvider.startTls()) {
      OkHttpClient client = trusting().build();
      Request.Builder request = chat().url(own.url() + PATH);
      text(client, request.build());
      String script = "redirect " + other.url() + " sk-other";
      for (int i = 0; i < 2; i++) {
        assertThat(text(client, request.header(ScriptedStage.HEADER, script).build()))
            .isEqualTo(CannedAnswers.CHAT);
      }
      assertThat(own.connections().get(0).isClientIdentified()).isTrue();
      assertThat(other.connections()).hasSize(1);
      assertThat(other.connections().get(0).isClientIdentified()).isFalse();
    }
  }

  /** 3.9 has no time limit for calls. */
  private static OkHttpClient limited(long millis) {
    assumeTrue(!UNDER_TEST.startsWith("3.9"), "a call has no time limit");
    return new OkHttpClient.Builder().callTimeout(millis, TimeUnit.MILLISECONDS).build();
  }

  private CallRecord onlyRecordSince(int before) {
    await().until(() -> AGENT.records().size() > before);
    assertThat(AGENT.records()).hasSize(before + 1);
    return AGENT.records().get(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "timeout 60000"})
  void aCallWhoseTimeIsOverBeforeItsHeadCountsAsTimedOut(String script) {
    OkHttpClient client = limited(300);
    provider.answer(Answer.silence());
    int before = AGENT.records().size();
    assertThatThrownBy(() -> text(client, scripted(script)))
        .isExactlyInstanceOf(InterruptedIOException.class)
        .hasMessage("timeout");
    CallRecord record = onlyRecordSince(before);
    assertThat(record.outcome()).isEqualTo(Outcome.TIMEOUT);
    // The clock of an attempt may strike a moment before that of the call; then the script asks
    // once more.
    assertThat(record.attempts())
        .extracting(AttemptRecord::outcome)
        .hasSizeBetween(1, script.isEmpty() ? 1 : 2)
        .containsOnly(Outcome.TIMEOUT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "timeout 60000"})
  void aStreamWhoseTimeIsOverCountsAsTimedOut(String script) throws Exception {
    OkHttpClient client = limited(500);
    provider.answer(Answer.events().event(CannedAnswers.content("one")).stall());
    int before = AGENT.records().size();
    Request request =
        scripted(script).newBuilder().post(RequestBody.create(JSON, Outgoing.CHAT_STREAM)).build();
    try (Response response = client.newCall(request).execute()) {
      assertThatThrownBy(() -> response.body().string())
          .isExactlyInstanceOf(InterruptedIOException.class)
          .hasMessage("timeout");
    }
    assertThat(onlyRecordSince(before).outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(provider.connections().get(0).awaitClose()).isTrue();
  }

  @Test
  void attemptsDoNotStretchTheTimeOfACall() throws Exception {
    OkHttpClient client = limited(700);
    Call call = client.newCall(scripted("timeout 400"));
    provider.answer(Answer.silence(), Answer.silence());
    int before = AGENT.records().size();
    assertThatThrownBy(call::execute).isExactlyInstanceOf(InterruptedIOException.class);
    CallRecord record = onlyRecordSince(before);
    assertThat(record.outcome()).isEqualTo(Outcome.TIMEOUT);
    assertThat(record.attempts()).hasSize(2);
  }

  @Test
  void theTimeOfOneCallIsThatOfItsAttemptsToo() throws Exception {
    OkHttpClient client = limited(200);
    Call call = client.newCall(scripted("timeout 60000"));
    call.timeout().timeout(60, TimeUnit.SECONDS);
    Gate gate = new Gate();
    provider.answer(Answer.nothing().gate(gate).andThen(CannedAnswers.chat()));
    new Thread(
            () -> {
              await().pollDelay(Duration.ofMillis(500)).until(() -> true);
              gate.open();
            })
        .start();
    try (Response response = call.execute()) {
      assertThat(response.body().string()).isEqualTo(CannedAnswers.CHAT);
    }
  }

  private Request scripted(String script) {
    return script.isEmpty() ? chat().build() : chat().header(ScriptedStage.HEADER, script).build();
  }

  @Test
  void attemptsThatWereGivenUpLeaveNoConnectionBehind() throws Exception {
    OkHttpClient client = new OkHttpClient();
    Request stream =
        scripted("hedge 50")
            .newBuilder()
            .post(RequestBody.create(JSON, Outgoing.CHAT_STREAM))
            .build();
    for (int i = 0; i < 5; i++) {
      provider.answer(Answer.silence());
      assertThat(text(client, scripted("hedge 50"))).isEqualTo(CannedAnswers.CHAT);
      provider.answer(Answer.silence());
      assertThat(text(client, scripted("timeout 50"))).isEqualTo(CannedAnswers.CHAT);
      provider.answer(Answer.events().chunk(": wait\n\n").stall(), CannedAnswers.chatStream(true));
      assertThat(text(client, stream)).endsWith("[DONE]\n\n");
    }
    await()
        .untilAsserted(
            () -> {
              assertThat(client.connectionPool().idleConnectionCount()).isEqualTo(1);
              assertThat(client.connectionPool().connectionCount()).isEqualTo(1);
            });
    assertThat(client.dispatcher().runningCallsCount()).isZero();
  }
}
