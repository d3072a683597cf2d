package io.flyball.instrumentation.testing;

import static io.flyball.instrumentation.testing.stage.ScriptedStage.ANSWER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.wire.HeldBytes;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole answers in the blocking form. */
abstract class CallContract extends ContractFixture {
  private static final Answer UNAVAILABLE = CannedAnswers.openAiError(503, "overloaded");

  @Test
  void theRequestGoesOutByteForByte() throws Exception {
    Outgoing request =
        Outgoing.chat(provider.url()).with("X-Twice", "one").with("X-Twice", "two").with("x-z", "");
    client.send(twin(request));
    client.send(request);
    assertThat(asTwin(provider.requests().get(1))).isEqualTo(provider.requests().get(0).rawText());
  }

  @Test
  void theAnswerComesBackByteForByte() throws Exception {
    Answer answer =
        Answer.of(
            200,
            CannedAnswers.CHAT + "\r\n ",
            "Content-Type",
            "application/json; charset=UTF-8",
            "x-request-id",
            "req_1",
            "Set-Cookie",
            "a=b",
            "Set-Cookie",
            "c=d");
    provider.answer(answer, answer);
    Reply expected = client.send(twin(Outgoing.chat(provider.url())));
    Reply actual = client.send(Outgoing.chat(provider.url()));
    assertSame(actual, expected);
    assertThat(actual.text()).isEqualTo(CannedAnswers.CHAT + "\r\n ");
  }

  private static void assertSame(Reply actual, Reply expected) {
    assertThat(actual.status()).isEqualTo(expected.status());
    assertThat(actual.text()).isEqualTo(expected.text());
    assertThat(actual.providersHeaders()).isEqualTo(expected.providersHeaders());
  }

  @Test
  void everyGovernedAnswerNamesItsCall() throws Exception {
    Reply reply = client.send(Outgoing.chat(provider.url()));
    if (agent().governs()) {
      assertThat(reply.header("x-flyball-call")).isNotEmpty();
    } else {
      assertThat(reply.header("x-flyball-call")).isNull();
    }
  }

  @Test
  void oneCallIsOneRecord() throws Exception {
    needsRecords();
    int before = agent().records().size();
    client.send(twin(Outgoing.chat(provider.url())));
    client.send(Outgoing.chat(provider.url()));
    assertThat(agent().records()).hasSize(before + 1);
    CallRecord record = agent().records().get(before);
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.status()).isEqualTo(200);
    assertThat(record.attempts()).hasSize(1);
    assertThat(record.usage().input()).isEqualTo(9);
    assertThat(record.usage().output()).isEqualTo(12);
  }

  @Test
  void flyballsHeadersOnTheRequestAreForFlyballOnly() throws Exception {
    client.send(Outgoing.chat(provider.url()).with("X-Flyball-Feature", "search"));
    RecordedRequest request = provider.takeRequest();
    if (agent().governs()) {
      assertThat(request.header("x-flyball-feature")).isNull();
    } else {
      assertThat(request.header("x-flyball-feature")).isEqualTo("search");
    }
  }

  /** Whom a call is for is not told to a provider because nobody has read the request. */
  @Test
  void flyballsHeadersAreForFlyballOnlyAlsoWhereNobodyReadsTheRequest() throws Exception {
    needsRecords();
    Outgoing chat = forAcme(Outgoing.chat(provider.url()));
    Outgoing unreadable = chat.with("Content-Encoding", "gzip");
    Outgoing unknown =
        chat.to("http://" + InProcessAgent.MODEL_HOST + ":" + provider.port() + "/v1/other");
    HeldBytes memory = HeldBytes.ofThisJvm();
    long most = memory.most();
    memory.limitTo(0);
    try {
      client.send(chat);
    } finally {
      memory.limitTo(most);
    }
    client.send(unreadable);
    client.send(unknown);
    if (capabilities().contains(Capability.ASYNC)) {
      client.openAsync(unknown).get().whole();
    }
    for (RecordedRequest request : provider.requests()) {
      assertThat(request.rawText().toLowerCase(Locale.ROOT).contains("x-flyball"))
          .as(request.rawText())
          .isEqualTo(!agent().governs());
      assertThat(request.bodyText()).isEqualTo(Outgoing.CHAT);
    }
    assertThat(provider.requests()).hasSizeGreaterThan(2);
  }

  private static Outgoing forAcme(Outgoing request) {
    return request.with("X-Flyball-Tenant", "acme").with("x-flyball-user", "ann");
  }

  @Test
  void answersWithoutTheNetwork() throws Exception {
    needsGovern();
    Reply reply = client.send(Outgoing.chat(provider.url()).script("answer"));
    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.header("content-type")).isEqualTo("application/json");
    assertThat(reply.text()).isEqualTo(ANSWER);
    assertThat(provider.connections()).isEmpty();
  }

  @Test
  void asksAgainAfter503() throws Exception {
    needsGovern();
    provider.answer(UNAVAILABLE, UNAVAILABLE);
    Reply reply = client.send(Outgoing.chat(provider.url()).script("retry"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    List<RecordedRequest> requests = provider.requests();
    assertThat(requests).hasSize(3);
    assertThat(requests.get(1).rawText()).isEqualTo(requests.get(0).rawText());
    assertThat(requests.get(2).rawText()).isEqualTo(requests.get(0).rawText());
    assertThat(requests.get(0).rawText()).doesNotContain("x-flyball");
  }

  @Test
  void givesTheLastFailureWhenAskingAgainDoesNotHelp() throws Exception {
    needsGovern();
    provider.answer(UNAVAILABLE, UNAVAILABLE, UNAVAILABLE);
    Reply reply = client.send(Outgoing.chat(provider.url()).script("retry"));
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.text()).contains("overloaded");
    assertThat(provider.requests()).hasSize(3);
  }

  @Test
  void asksAgainAfterAReset() throws Exception {
    needsGovern();
    provider.answer(Answer.nothing().reset(), Answer.nothing().reset());
    Reply reply = client.send(Outgoing.chat(provider.url()).script("retry"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(3);
    assertThat(provider.requests().get(2).bodyText()).isEqualTo(Outgoing.CHAT);
  }

  @Test
  void asksAgainAfterSilence() throws Exception {
    needsGovern();
    provider.answer(Answer.silence());
    Reply reply = client.send(Outgoing.chat(provider.url()).script("timeout 300"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(2);
    assertAborted(0);
  }

  @Test
  void sendsToAnotherHostWithAnotherCredential() throws Exception {
    needsGovern();
    try (FakeProvider other = FakeProvider.start()) {
      Reply reply =
          client.send(
              Outgoing.chat(provider.url()).script("redirect " + other.url() + "/base sk-other"));
      assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
      assertThat(provider.requests()).isEmpty();
      RecordedRequest request = other.takeRequest();
      assertThat(request.path()).isEqualTo("/base" + PATH);
      assertThat(request.header("host")).isEqualTo("127.0.0.1:" + other.port());
      assertThat(request.header("authorization")).isEqualTo("Bearer sk-other");
      assertThat(request.header("content-type")).startsWith("application/json");
      assertThat(request.bodyText()).isEqualTo(Outgoing.CHAT);
      assertThat(request.rawText()).doesNotContain("sk-app");
    }
  }

  @Test
  void aFailureInsideTheEngineDoesNotReachTheApplication() throws Exception {
    needsGovern();
    Reply reply = client.send(Outgoing.chat(provider.url()).script("throw"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(1);
    agent().expectFailure();
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 429, 500, 503})
  void errorsKeepTheirBody(int status) throws Exception {
    Answer error = CannedAnswers.openAiError(status, "scripted_" + status);
    provider.answer(error, error);
    Reply expected = client.send(twin(Outgoing.chat(provider.url())));
    Reply actual = client.send(Outgoing.chat(provider.url()));
    assertSame(actual, expected);
    assertThat(actual.text()).contains("scripted_" + status);
  }

  @Test
  void compressedAnswersLookAsTheyAlwaysDid() throws Exception {
    Answer zipped =
        Answer.gzip(200, CannedAnswers.CHAT, "Content-Type", "application/json", "x-other", "1");
    provider.answer(zipped, zipped);
    assertSame(
        client.send(Outgoing.chat(provider.url())),
        client.send(twin(Outgoing.chat(provider.url()))));
  }

  @Test
  void chunkedAnswersLookAsTheyAlwaysDid() throws Exception {
    Answer chunked =
        Answer.chunked(200, "Content-Type", "application/json")
            .chunk(CannedAnswers.CHAT.substring(0, 20))
            .chunk(CannedAnswers.CHAT.substring(20))
            .end();
    provider.answer(chunked, chunked);
    Reply actual = client.send(Outgoing.chat(provider.url()));
    assertSame(actual, client.send(twin(Outgoing.chat(provider.url()))));
    assertThat(actual.text()).isEqualTo(CannedAnswers.CHAT);
  }

  @Test
  void twoMegabytesOfPromptArrive() throws Exception {
    char[] prompt = new char[2 << 20];
    Arrays.fill(prompt, 'p');
    String body =
        "{\"model\":\"gpt-4o-mini\",\"messages\":[{\"role\":\"user\",\"content\":\""
            + new String(prompt)
            + "\"}]}";
    client.send(Outgoing.post(provider.url() + PATH, body));
    assertThat(provider.takeRequest().bodyText().equals(body)).isTrue();
  }

  @Test
  void whatIsNoModelCallIsNotTouched() throws Exception {
    String mcp =
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}";
    int before = agent().records().size();
    Outgoing rpc = Outgoing.post(provider.url() + PATH, mcp).with("X-Flyball-Feature", "kept");
    client.send(twin(rpc));
    Reply reply = client.send(rpc);
    Reply list = client.send(Outgoing.get(provider.url() + "/v1/models"));
    assertThat(asTwin(provider.requests().get(1)))
        .isEqualTo(provider.requests().get(0).rawText())
        .contains("kept");
    assertThat(reply.header("x-flyball-call")).isNull();
    assertThat(list.header("x-flyball-call")).isNull();
    assertThat(agent().records()).hasSize(before);
  }

  @Test
  void theClientFollowsRedirectsAsItAlwaysDid() throws Exception {
    Answer moved = Answer.of(307, "", "Location", provider.url() + "/elsewhere");
    provider.answer(moved);
    Reply expected = client.send(twin(Outgoing.chat(provider.url())));
    int followed = provider.requests().size();
    provider.answer(moved);
    Reply actual = client.send(Outgoing.chat(provider.url()));
    assertSame(actual, expected);
    assertThat(provider.requests()).hasSize(2 * followed);
  }

  @Test
  void connectionsAreReused() throws Exception {
    for (int i = 0; i < 3; i++) {
      client.send(Outgoing.chat(provider.url()));
    }
    assertThat(provider.requests()).extracting(RecordedRequest::connection).containsOnly(0);
  }

  @Test
  void theClientsOwnTimeoutStillWorks() throws Exception {
    provider.answer(Answer.silence(), Answer.silence());
    try (GovernedClient impatient = newClient(300)) {
      failsLikeItsTwin(impatient, Outgoing.chat(provider.url()));
    }
  }

  @Test
  void aBodyThatIsCutEndsAsItAlwaysDid() throws Exception {
    byte[] part = CannedAnswers.CHAT.substring(0, 30).getBytes(StandardCharsets.US_ASCII);
    Answer cut =
        Answer.nothing()
            .raw(
                "HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII))
            .raw(part)
            .close();
    provider.answer(cut, cut);
    Throwable expected = catchThrowable(() -> client.send(twin(Outgoing.chat(provider.url()))));
    Throwable actual = catchThrowable(() -> client.send(Outgoing.chat(provider.url())));
    if (expected == null) {
      // HttpURLConnection takes it for the end.
      assertThat(actual).isNull();
    } else {
      assertThatThrown(actual, expected);
    }
  }

  @Test
  void aBrokenChunkFailsAsItAlwaysDid() throws Exception {
    Answer broken =
        Answer.chunked(200, "Content-Type", "application/json")
            .chunk(CannedAnswers.CHAT.substring(0, 30))
            .malformedChunk()
            .stall();
    provider.answer(broken, broken);
    failsLikeItsTwin(Outgoing.chat(provider.url()));
  }

  @Test
  void aRefusedConnectionFailsAsItAlwaysDid() throws Exception {
    try (Socket boundButNotListening = new Socket()) {
      boundButNotListening.bind(new InetSocketAddress("127.0.0.1", 0));
      failsLikeItsTwin(Outgoing.chat("http://127.0.0.1:" + boundButNotListening.getLocalPort()));
    }
  }

  @Test
  void tlsWorks() throws Exception {
    try (FakeProvider secure = FakeProvider.startTls()) {
      client.send(twin(Outgoing.chat(secure.url())));
      Reply reply = client.send(Outgoing.chat(secure.url()));
      assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
      assertThat(asTwin(secure.requests().get(1))).isEqualTo(secure.requests().get(0).rawText());
    }
  }
}
