package io.flyball.instrumentation.httpurlconnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.RefusedPort;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Who cannot be connected to before the request is known: told where the JDK tells it, recorded,
 * and never asked a second time.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class NotConnectedTest {
  private static final AtomicInteger WAITS = new AtomicInteger();

  @RegisterExtension
  static final InProcessAgent AGENT =
      Bare.agent(
          Policies.builder()
              .retry(
                  3,
                  new Backoff(1, 1, () -> WAITS.getAndIncrement()),
                  new RetryBudget(1, 1000, TimeSource.SYSTEM))
              .build());

  /** What has the JDK connect. */
  private interface Way {
    void connect(HttpURLConnection connection) throws IOException;
  }

  private static Map<String, Way> ways() {
    Map<String, Way> ways = new LinkedHashMap<>();
    ways.put("connect", HttpURLConnection::connect);
    ways.put("output", HttpURLConnection::getOutputStream);
    ways.put(
        "fixed length",
        connection -> {
          connection.setFixedLengthStreamingMode(Outgoing.CHAT.length());
          connection.connect();
        });
    ways.put(
        "chunked",
        connection -> {
          connection.setChunkedStreamingMode(0);
          connection.getOutputStream();
        });
    return ways;
  }

  private static HttpURLConnection post(int port, String path) throws IOException {
    return Bare.post("http://127.0.0.1:" + port + path);
  }

  @BeforeEach
  void reset() {
    WAITS.set(0);
  }

  @Test
  void itIsToldWhereTheJdkTellsItAndInTheBooksOnce() throws Exception {
    for (Map.Entry<String, Way> way : ways().entrySet()) {
      int before = AGENT.records().size();
      HttpURLConnection connection = post(RefusedPort.number(), Bare.GOVERNED);
      assertThatThrownBy(() -> way.getValue().connect(connection))
          .as(way.getKey())
          .isExactlyInstanceOf(ConnectException.class);
      assertThat(AGENT.records()).hasSize(before + 1);
      CallRecord record = AGENT.records().get(before);
      assertThat(record.outcome()).isEqualTo(Outcome.CUT);
      assertThat(record.errorType()).isEqualTo("java.net.ConnectException");
      assertThat(record.attempts()).hasSize(1);
      assertThatThrownBy(connection::getOutputStream).isExactlyInstanceOf(ConnectException.class);
      assertThat(AGENT.records()).hasSize(before + 1);
    }
    assertThat(WAITS.get()).isZero();
    assertThat(AGENT.failures()).isEmpty();
  }

  @Test
  void whatIsNoModelsIsNotRecorded() throws Exception {
    int before = AGENT.records().size();
    for (Way way : ways().values()) {
      HttpURLConnection connection = post(RefusedPort.number(), Bare.OWN);
      assertThatThrownBy(() -> way.connect(connection)).isInstanceOf(ConnectException.class);
    }
    assertThat(AGENT.records()).hasSize(before);
  }

  /** The JDK takes a connection for connected whose TLS could not be begun, when asked again. */
  @Test
  void nothingGoesOverAConnectionWhoseTlsWasRefused() throws Exception {
    SSLSocketFactory refusing = new RefusingSockets();
    for (Map.Entry<String, Way> way : ways().entrySet()) {
      for (String path : Bare.BOTH) {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"))) {
          CompletableFuture<byte[]> received = CompletableFuture.supplyAsync(() -> all(server));
          HttpsURLConnection connection =
              (HttpsURLConnection) Bare.post("https://127.0.0.1:" + server.getLocalPort() + path);
          connection.setSSLSocketFactory(refusing);
          connection.setRequestProperty("Authorization", "Bearer secret");
          Throwable thrown = catchThrowable(() -> way.getValue().connect(connection));
          assertThat(thrown).as(way.getKey() + path).isExactlyInstanceOf(SSLException.class);
          connection.disconnect();
          assertThat(received.join()).as(way.getKey() + path).isEmpty();
        }
      }
    }
  }

  /** What the first connection brings until it is closed. */
  private static byte[] all(ServerSocket server) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Socket socket = server.accept();
        InputStream in = socket.getInputStream()) {
      for (int b = in.read(); b >= 0; b = in.read()) {
        all.write(b);
      }
    } catch (IOException closed) {
      // That is all.
    }
    return all.toByteArray();
  }

  /** As a factory that finds another certificate than the one it has pinned. */
  private static final class RefusingSockets extends SSLSocketFactory {

    @Override
    public String[] getDefaultCipherSuites() {
      return new String[0];
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return new String[0];
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean close)
        throws IOException {
      throw new SSLException("not the one that is pinned");
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      throw new SSLException("not used");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort)
        throws IOException {
      throw new SSLException("not used");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      throw new SSLException("not used");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort)
        throws IOException {
      throw new SSLException("not used");
    }
  }
}
