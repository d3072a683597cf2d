package io.flyball.instrumentation.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.flyball.engine.call.AttemptRecord;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.instrumentation.testing.stage.ScriptedStage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attempts at other hosts, attempts that are given up, and several at once. */
abstract class AttemptContract extends StreamContract {
  private static final String FIRST = "data: " + CannedAnswers.content("one") + "\n\n";
  private static final String SECOND = "data: " + CannedAnswers.content("two") + "\n\n";

  @Test
  void theApplicationsOwnHostGetsItsSecretsStill() throws Exception {
    provider.answer(wantsPassword(), CannedAnswers.chat(), CannedAnswers.chat());
    try (GovernedClient client = newClientWithSecrets()) {
      client.send(Outgoing.chat(provider.url()));
      client.send(Outgoing.chat(provider.url()).script("retry"));
    }
    for (RecordedRequest request : provider.requests()) {
      assertThat(request.header("cookie")).contains(SECRET);
    }
  }

  private static Answer wantsPassword() {
    return Answer.of(
        401,
        "{\"error\":{\"message\":\"who are you\"}}",
        "WWW-Authenticate",
        "Basic realm=\"models\"",
        "Set-Cookie",
        "a=b",
        "Content-Type",
        "application/json");
  }

  @Test
  void anotherHostGetsNoSecretsOfTheApplication() throws Exception {
    needsGovern();
    try (FakeProvider other = FakeProvider.start();
        GovernedClient client = newClientWithSecrets()) {
      other.answer(wantsPassword());
      String script = "redirect " + other.url() + " sk-other";
      Reply refused = client.send(Outgoing.chat(provider.url()).script(script));
      assertThat(refused.status()).isEqualTo(401);
      assertThat(refused.text()).contains("who are you");
      Reply answered = client.send(Outgoing.chat(provider.url()).script(script));
      assertThat(answered.text()).isEqualTo(CannedAnswers.CHAT);
      assertThat(other.requests()).hasSize(2);
      for (RecordedRequest request : other.requests()) {
        assertThat(request.rawText()).doesNotContain(SECRET).doesNotContain("sk-app");
        assertThat(request.header("cookie")).isNull();
        assertThat(request.header("authorization")).isEqualTo("Bearer sk-other");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {302, 307})
  void anotherHostSendsNobodyOn(int status) throws Exception {
    needsGovern();
    try (FakeProvider other = FakeProvider.start();
        FakeProvider third = FakeProvider.start();
        GovernedClient client = newClientWithSecrets()) {
      other.answer(Answer.of(status, "gone", "Location", third.url() + "/elsewhere"));
      Reply reply =
          client.send(
              Outgoing.chat(provider.url()).script("redirect " + other.url() + " sk-other"));
      assertThat(reply.status()).isEqualTo(status);
      assertThat(third.connections()).isEmpty();
      assertThat(other.requests()).hasSize(1);
    }
  }

  @Test
  void asksAgainAfterSilenceInTheMiddleOfTheHead() throws Exception {
    needsGovern();
    provider.answer(
        Answer.nothing()
            .raw("HTTP/1.1 200 OK\r\nContent-Ty".getBytes(StandardCharsets.US_ASCII))
            .stall());
    Reply reply = client.send(Outgoing.chat(provider.url()).script("timeout 300"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertAborted(0);
  }

  @Test
  void asksAgainAfterSilenceInTheMiddleOfTheBody() throws Exception {
    needsGovern();
    provider.answer(
        Answer.nothing()
            .raw(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 999\r\n\r\n{"
                    .getBytes(StandardCharsets.US_ASCII))
            .stall());
    Reply reply = client.send(Outgoing.chat(provider.url()).script("timeout 300"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.connections().get(0).awaitClose()).isTrue();
  }

  @Test
  void asksAgainWhenConnectingHangs() throws Exception {
    needsGovern();
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      assumeTrue(fill(full, waiting), "the system lets everybody in");
      int before = InProcessAgent.attached() ? 0 : agent().records().size();
      asksAgainElsewhere(Outgoing.chat("http://127.0.0.1:" + full.getLocalPort()));
      if (!InProcessAgent.attached()) {
        assertThat(firstAttempt(before).openEnded()).as("who was not reached bills").isFalse();
      }
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  private AttemptRecord firstAttempt(int call) {
    await().until(() -> agent().records().size() > call);
    return agent().records().get(call).attempts().get(0);
  }

  @Test
  void whoGotTheRequestMayBillItAlsoWhenNobodyWaitsAnyMore() throws Exception {
    needsGovern();
    needsRecords();
    provider.answer(Answer.silence());
    int before = agent().records().size();
    client.send(Outgoing.chat(provider.url()).script("timeout 500"));
    assertThat(firstAttempt(before).openEnded()).isTrue();
  }

  /** Whether who connects now gets no answer. */
  private static boolean fill(ServerSocket server, List<Socket> waiting) throws IOException {
    for (int i = 0; i < 20; i++) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(server.getLocalSocketAddress(), 300);
      } catch (SocketTimeoutException noAnswer) {
        return true;
      }
    }
    return false;
  }

  @Test
  void asksAgainWhenTheHandshakeHangs() throws Exception {
    needsGovern();
    try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName("127.0.0.1"))) {
      asksAgainElsewhere(Outgoing.chat("https://127.0.0.1:" + mute.getLocalPort()));
    }
  }

  @Test
  void asksAgainWhenTheRequestIsNotRead() throws Exception {
    needsGovern();
    try (ServerSocket deaf = new ServerSocket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.bind(new InetSocketAddress("127.0.0.1", 0));
      asksAgainElsewhere(longChat("http://127.0.0.1:" + deaf.getLocalPort()));
    }
  }

  @Test
  void asksAgainWhenTheRequestIsNotReadOverTls() throws Exception {
    needsGovern();
    try (ServerSocket deaf =
        FakeProvider.trustingClient().getServerSocketFactory().createServerSocket()) {
      deaf.setReceiveBufferSize(4096);
      deaf.bind(new InetSocketAddress("127.0.0.1", 0));
      Thread greeting =
          new Thread(
              () -> {
                try (Socket socket = deaf.accept()) {
                  ((SSLSocket) socket).startHandshake();
                  Thread.sleep(TimeUnit.MINUTES.toMillis(1));
                } catch (IOException | InterruptedException over) {
                  // Which ends the test's server.
                }
              });
      greeting.setDaemon(true);
      greeting.start();
      try {
        asksAgainElsewhere(longChat("https://127.0.0.1:" + deaf.getLocalPort()));
      } finally {
        greeting.interrupt();
      }
    }
  }

  private static Outgoing longChat(String baseUrl) {
    char[] prompt = new char[8 << 20];
    Arrays.fill(prompt, 'p');
    return Outgoing.post(baseUrl + PATH, Outgoing.CHAT.replace("Hi", new String(prompt)));
  }

  private void asksAgainElsewhere(Outgoing request) throws Exception {
    Reply reply = client.send(request.script("timeout 500 " + provider.url() + " sk-other"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(1);
  }

  @Test
  void theSlowOneOfTwoAttemptsIsGivenUp() throws Exception {
    needsGovern();
    provider.answer(Answer.silence());
    Reply reply = client.send(Outgoing.chat(provider.url()).script("hedge 100"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(2);
    assertThat(provider.requests().get(1).rawText())
        .isEqualTo(provider.requests().get(0).rawText());
    assertAborted(0);
    assertThat(client.send(Outgoing.chat(provider.url())).text()).isEqualTo(CannedAnswers.CHAT);
  }

  @Test
  void theSecondOfTwoAttemptsIsGivenUpWhenTheFirstAnswers() throws Exception {
    needsGovern();
    Gate bothThere = new Gate();
    provider.answer(
        Answer.nothing().gate(bothThere).andThen(CannedAnswers.chat()),
        Answer.nothing().then(wire -> bothThere.open()).stall());
    Reply reply = client.send(Outgoing.chat(provider.url()).script("hedge 100"));
    assertThat(reply.text()).isEqualTo(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(2);
    assertAborted(1);
  }

  @Test
  void theCallerReadsTheStreamThatAnotherThreadBegan() throws Exception {
    needsGovern();
    Gate gate = new Gate();
    provider.answer(
        Answer.events().chunk(": wait\n\n").stall(),
        Answer.events().chunk(FIRST).gate(gate).chunk(SECOND).event("[DONE]").end());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()).script("hedge 100"))) {
      assertThat(read(reply, FIRST.length())).isEqualTo(FIRST);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
      gate.open();
      assertThat(reply.whole().text()).isEqualTo(SECOND + "data: [DONE]\n\n");
    }
  }

  @Test
  void closingEarlyClosesTheConnectionThatAnotherThreadOpened() throws Exception {
    needsGovern();
    provider.answer(Answer.silence(), Answer.events().chunk(FIRST).stall());
    try (OpenReply reply = client.open(Outgoing.chatStream(provider.url()).script("hedge 100"))) {
      read(reply, FIRST.length());
    }
    assertThat(provider.connections().get(1).awaitClose()).isTrue();
  }

  @Test
  void streamsAnAnswerThatAnotherThreadMakes() throws Exception {
    needsGovern();
    Reply reply = client.send(Outgoing.chatStream(provider.url()).script("answer-slowly"));
    assertThat(reply.text()).isEqualTo(ScriptedStage.ANSWER_STREAM);
    assertThat(reply.header("content-length")).isNull();
  }
}
