package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A connection is made where the JDK makes it, and what the application does with it works. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectsAsBareTest {

  @RegisterExtension static final InProcessAgent AGENT = Bare.agent(Bare.policies().build());

  /** What has the JDK connect. */
  private interface Connecting {
    void connect(HttpURLConnection connection) throws IOException;
  }

  private static Map<String, Connecting> ways() {
    Map<String, Connecting> ways = new LinkedHashMap<>();
    ways.put("connect", HttpURLConnection::connect);
    ways.put("output", HttpURLConnection::getOutputStream);
    ways.put(
        "output, fixed length",
        connection -> {
          connection.setFixedLengthStreamingMode(Outgoing.CHAT.length());
          connection.getOutputStream();
        });
    ways.put(
        "output, chunked",
        connection -> {
          connection.setChunkedStreamingMode(0);
          connection.getOutputStream();
        });
    return ways;
  }

  private static HttpURLConnection trusting(FakeProvider provider, String path) throws IOException {
    HttpURLConnection connection = Bare.post(provider.url() + path);
    if (connection instanceof HttpsURLConnection) {
      ((HttpsURLConnection) connection)
          .setSSLSocketFactory(FakeProvider.trustingClient().getSocketFactory());
    }
    return connection;
  }

  private static void writeAndRead(HttpURLConnection connection) throws IOException {
    OutputStream out = connection.getOutputStream();
    out.write(Outgoing.CHAT.getBytes(UTF_8));
    out.close();
    assertThat(Programs.text(connection.getInputStream())).isEqualTo(CannedAnswers.CHAT);
  }

  @Test
  void whoCannotBeReachedIsKnownBeforeAnythingIsWritten() throws Exception {
    for (Map.Entry<String, Connecting> way : ways().entrySet()) {
      for (String path : Bare.BOTH) {
        HttpURLConnection dead = Bare.post("http://127.0.0.1:" + RefusedPort.number() + path);
        assertThatThrownBy(() -> way.getValue().connect(dead))
            .as(way.getKey() + path)
            .isExactlyInstanceOf(ConnectException.class);
        HttpURLConnection unknown = Bare.post("http://nobody.invalid" + path);
        assertThatThrownBy(() -> way.getValue().connect(unknown))
            .as(way.getKey() + path)
            .isExactlyInstanceOf(UnknownHostException.class);
        try (FakeProvider provider = FakeProvider.startTls()) {
          HttpURLConnection untrusted = Bare.post(provider.url() + path);
          assertThatThrownBy(() -> way.getValue().connect(untrusted))
              .as(way.getKey() + path)
              .isExactlyInstanceOf(SSLHandshakeException.class);
          assertThat(provider.requests()).isEmpty();
        }
      }
    }
  }

  /** What is asked of a connection that failed: each step as without us. */
  @Test
  void afterAFailureItGoesOnAsTheJdk() throws Exception {
    List<List<String>> seen = new ArrayList<>();
    for (String path : Bare.BOTH) {
      HttpURLConnection dead = Bare.post("http://127.0.0.1:" + RefusedPort.number() + path);
      List<String> steps = new ArrayList<>();
      steps.add(told(() -> dead.connect()));
      steps.add(told(() -> dead.getOutputStream()));
      steps.add(told(() -> dead.setRequestProperty("a", "b")));
      steps.add(told(() -> dead.getRequestProperties()));
      steps.add(told(() -> dead.getInputStream()));
      steps.add(told(() -> dead.getResponseCode()));
      steps.add(String.valueOf(dead.getHeaderField(0)));
      steps.add(String.valueOf(dead.getErrorStream()));
      seen.add(steps);
    }
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
  }

  /** A step of a program. */
  private interface Step {
    void run() throws Exception;
  }

  private static String told(Step step) {
    Throwable thrown = catchThrowable(step::run);
    return thrown == null ? "done" : thrown.getClass().getName() + thrown.getMessage();
  }

  @Test
  void certificatesAreThereBeforeAnythingIsWritten() throws Exception {
    for (Map.Entry<String, Connecting> way : ways().entrySet()) {
      for (String path : Bare.BOTH) {
        try (FakeProvider provider = FakeProvider.startTls()) {
          HttpsURLConnection connection = (HttpsURLConnection) trusting(provider, path);
          assertThatThrownBy(connection::getServerCertificates)
              .isInstanceOf(IllegalStateException.class);
          way.getValue().connect(connection);
          assertThat(connection.getServerCertificates()).hasSize(1);
          assertThat(connection.getCipherSuite()).isNotEmpty();
          assertThat(connection.getPeerPrincipal().getName()).contains("localhost");
          assertThat(connection.getLocalCertificates()).hasSize(1);
          assertThat(connection.getLocalPrincipal()).isNotNull();
          writeAndRead(connection);
          assertThat(provider.requests()).as(way.getKey() + path).hasSize(1);
          assertThat(provider.connections()).hasSize(1);
        }
      }
    }
  }

  @Test
  void theFirstAttemptGoesOverThatConnectionAndTheNextOverAnother() throws Exception {
    for (Map.Entry<String, Connecting> way : ways().entrySet()) {
      try (FakeProvider provider = FakeProvider.start()) {
        // The JDK by itself sends what is not streamed once more.
        provider.answer(Answer.nothing().reset(), Answer.nothing().reset());
        HttpURLConnection connection = trusting(provider, Bare.GOVERNED);
        way.getValue().connect(connection);
        assertThat(connection.usingProxy()).isFalse();
        assertThatThrownBy(() -> connection.setRequestProperty("a", "b"))
            .isInstanceOf(IllegalStateException.class);
        writeAndRead(connection);
        assertThat(provider.requests()).as(way.getKey()).hasSize(3);
      }
      try (FakeProvider provider = FakeProvider.start()) {
        for (int i = 0; i < 3; i++) {
          HttpURLConnection connection = trusting(provider, Bare.GOVERNED);
          way.getValue().connect(connection);
          writeAndRead(connection);
        }
        assertThat(provider.connections()).as(way.getKey()).hasSize(1);
        assertThat(provider.requests()).hasSize(3);
      }
    }
  }

  @Test
  void whoDisconnectsInBetweenConnectsAgain() throws Exception {
    for (String path : Bare.BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        HttpURLConnection connection = trusting(provider, path);
        connection.connect();
        connection.disconnect();
        writeAndRead(connection);
        assertThat(provider.requests()).hasSize(1);
      }
    }
  }

  /** The connection stands, and takes no other request than its own: it gets that one. */
  @Test
  void whatWouldNeedAnotherConnectionIsNotAdded() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(
          CannedAnswers.chatStream(false),
          CannedAnswers.chatStream(false),
          CannedAnswers.chatStream(true));
      HttpURLConnection first = trusting(provider, Bare.GOVERNED);
      Bare.write(first, Outgoing.CHAT_STREAM);
      assertThat(Programs.text(first.getInputStream())).endsWith("data: [DONE]\n\n");

      HttpURLConnection fixed = trusting(provider, Bare.GOVERNED);
      fixed.setFixedLengthStreamingMode(Outgoing.CHAT_STREAM.length());
      Bare.write(fixed, Outgoing.CHAT_STREAM);
      assertThat(Programs.text(fixed.getInputStream())).endsWith("data: [DONE]\n\n");

      HttpURLConnection any = trusting(provider, Bare.GOVERNED);
      Bare.write(any, Outgoing.CHAT_STREAM);
      assertThat(Programs.text(any.getInputStream())).endsWith("data: [DONE]\n\n");
      assertThat(provider.connections()).hasSize(1);
      List<RecordedRequest> requests = provider.requests();
      assertThat(requests.get(1).rawText()).endsWith(Outgoing.CHAT_STREAM);
      assertThat(requests.get(2).rawText()).contains("include_usage");
    }
  }

  @Test
  void aConnectionThatIsOfNoUseIsClosed() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      provider.answer(CannedAnswers.chatStream(false));
      HttpURLConnection connection = trusting(provider, Bare.GOVERNED);
      // Which Flyball does not read.
      connection.setRequestProperty("Accept-Encoding", "br");
      Bare.write(connection, Outgoing.CHAT_STREAM);
      assertThat(Programs.text(connection.getInputStream())).endsWith("data: [DONE]\n\n");
      assertThat(provider.requests()).hasSize(1);
      assertThat(provider.connections()).hasSize(2);
      assertThat(provider.connections().get(0).awaitClose()).isTrue();
      assertThatThrownBy(() -> connection.setRequestProperty("a", "b"))
          .isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void whatIsSaidToFlyballNeedsNoOtherConnection() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      HttpURLConnection connection = trusting(provider, Bare.GOVERNED);
      connection.setRequestProperty("x-flyball-feature", "greeting");
      writeAndRead(connection);
      assertThat(provider.connections()).hasSize(1);
      assertThat(provider.requests().get(0).rawText()).doesNotContain("x-flyball");
    }
  }

  /** It may be meant for the Flyball of another service. */
  @Test
  void whatIsNoCallKeepsWhatIsSaidToFlyball() throws Exception {
    try (FakeProvider provider = FakeProvider.start()) {
      for (boolean fixed : new boolean[] {false, true}) {
        provider.answer(Answer.of(200, "fine"));
        HttpURLConnection connection = trusting(provider, Bare.GOVERNED);
        connection.setRequestProperty("x-flyball-feature", "greeting");
        if (fixed) {
          connection.setFixedLengthStreamingMode("no call".length());
        }
        Bare.write(connection, "no call");
        assertThat(Programs.text(connection.getInputStream())).isEqualTo("fine");
      }
      assertThat(provider.requests())
          .hasSize(2)
          .allSatisfy(
              request ->
                  assertThat(request.rawText())
                      .contains("x-flyball-feature: greeting")
                      .endsWith("no call"));
    }
  }
}
