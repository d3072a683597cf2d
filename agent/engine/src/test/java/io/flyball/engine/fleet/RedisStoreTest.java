package io.flyball.engine.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.content.Redactor;
import io.flyball.engine.time.SharedTimer;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import redis.clients.jedis.exceptions.JedisException;

/** What a server may do that is no Redis, or no well-meaning one. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RedisStoreTest {
  private static final int LONG_MILLIS = 30_000;
  private static final int SHORT_MILLIS = 200;

  /** The latter when the server itself had no processor for that long. */
  private static final String LATE = "no whole answer within 200 ms|Read timed out";

  private static final int ENDLESS = Integer.MAX_VALUE;

  private final ReportedErrors errors = new ReportedErrors();
  private final SharedTimer timer = new SharedTimer(errors);
  private final List<Server> servers = new CopyOnWriteArrayList<>();

  @AfterEach
  void stop() throws IOException {
    for (Server server : servers) {
      server.close();
    }
    timer.close();
    assertThat(errors.counts()).isEmpty();
  }

  /** Says the same whatever it is asked. */
  private static final class Server implements Closeable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<Socket> connections = new CopyOnWriteArrayList<>();
    private final byte[] beginning;
    private final byte[] more;
    private final int times;
    private final long pauseMillis;

    Server(String beginning, String more, int times, long pauseMillis) throws IOException {
      this.beginning = beginning.getBytes(StandardCharsets.UTF_8);
      this.more = more.getBytes(StandardCharsets.UTF_8);
      this.times = times;
      this.pauseMillis = pauseMillis;
      Thread thread = new Thread(this::accept);
      thread.setDaemon(true);
      thread.start();
    }

    private void accept() {
      while (true) {
        try {
          Socket connection = socket.accept();
          connections.add(connection);
          Thread thread = new Thread(() -> serve(connection));
          thread.setDaemon(true);
          thread.start();
        } catch (IOException end) {
          return;
        }
      }
    }

    private void serve(Socket connection) {
      try {
        InputStream in = connection.getInputStream();
        OutputStream out = connection.getOutputStream();
        byte[] asked = new byte[8_192];
        while (in.read(asked) >= 0) {
          out.write(beginning);
          for (int i = 0; i < times; i++) {
            if (pauseMillis > 0 && closed.await(pauseMillis, TimeUnit.MILLISECONDS)) {
              return;
            }
            out.write(more);
          }
        }
      } catch (IOException | InterruptedException end) {
        closed.countDown();
      }
    }

    RedisAddress address() {
      return RedisAddress.of("redis://:s3same@127.0.0.1:" + socket.getLocalPort());
    }

    @Override
    public void close() throws IOException {
      closed.countDown();
      socket.close();
      for (Socket connection : connections) {
        connection.close();
      }
    }
  }

  private Server server(String beginning, String more, int times, long pauseMillis)
      throws IOException {
    Server server = new Server(beginning, more, times, pauseMillis);
    servers.add(server);
    return server;
  }

  private void connect(Server server, int timeoutMillis) throws IOException {
    RedisStore.connect(
            server.address(), "test", timeoutMillis, timer, words -> words.replace("SECRET", "***"))
        .close();
  }

  /** The user has configured it, and it stands in the same line. */
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "redis.internal"})
  void theConfiguredAddressIsToldAndNoOther(String host) {
    RedisErrors told =
        new RedisErrors(
            RedisAddress.of("redis://me:s3same@" + host + ":6399"), new Redactor()::redact);
    assertThat(
            told.failed(
                    new JedisException(
                        "no "
                            + host
                            + ":6399, s3same, not 127.0.0.10 nor 10.1.2.3 for a@b.example"))
                .getMessage())
        .contains("no " + host + ":6399, ")
        .doesNotContain("s3same", "127.0.0.10", "10.1.2.3", "a@b.example");
  }

  @ParameterizedTest
  @ValueSource(strings = {"+", "-", "$1000000\r\n", "*1000\r\n+", ":"})
  void anAnswerThatIsDrawnOutCountsAsNone(String beginning) throws IOException {
    Server server = server(beginning, "1", ENDLESS, 20);
    assertThatThrownBy(() -> connect(server, SHORT_MILLIS))
        .isInstanceOf(IOException.class)
        .hasMessageMatching(LATE);
  }

  @Test
  void aFleetDoesNotWaitForIt() throws IOException {
    Server server = server("+", "1", ENDLESS, 20);
    List<String> log = new CopyOnWriteArrayList<>();
    Fleet fleet =
        new Fleet(
            FleetSettings.slices("jvm", 0.02),
            () -> RedisStore.connect(server.address(), "test", SHORT_MILLIS, timer, words -> words),
            "the server",
            TimeSource.SYSTEM,
            log::add,
            errors);
    fleet.start();
    try {
      await().until(() -> !fleet.isReachable());
      await().until(() -> !log.isEmpty());
      assertThat(log.get(0))
          .startsWith("fleet: the server cannot be reached")
          .matches(".*: (" + LATE + ")");
    } finally {
      fleet.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "$2147483647\r\n",
        "$9223372036854775807\r\n",
        "*2147483647\r\n",
        "*100000000\r\n",
        "*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n*1\r\n",
      })
  void aSizeThatIsClaimedIsNotBelieved(String answer) throws IOException {
    Server server = server(answer, "", 0, 0);
    assertThatThrownBy(() -> connect(server, LONG_MILLIS))
        .isInstanceOf(IOException.class)
        .hasMessage("an answer that is too large");
  }

  @ParameterizedTest
  @CsvSource({"+,1", "-,1", "$2000000000\\r\\n,1", "*3000000\\r\\n,:1234567\\r\\n"})
  void anAnswerWithoutEndIsNotRead(String beginning, String more) throws IOException {
    Server server = server(unescaped(beginning), unescaped(more), ENDLESS, 0);
    assertThatThrownBy(() -> connect(server, LONG_MILLIS))
        .isInstanceOf(IOException.class)
        .hasMessage("an answer that is too large");
  }

  private static String unescaped(String text) {
    return text.replace("\\r\\n", "\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*1\r\n", "HTTP/1.1 400 Bad\r\n", "%1\r\n", "$x\r\n", "\u0000\u0001"})
  void whatIsNoAnswerIsAFailure(String answer) throws IOException {
    Server server = server(answer, answer, 200_000, 0);
    assertThatThrownBy(() -> connect(server, LONG_MILLIS)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"*0\r\n", "*1\r\n:1\r\n", ":1\r\n", "$-1\r\n"})
  void anAnswerOfAnotherTypeIsToldInWordsForPeople(String answer) throws IOException {
    Server server = server(answer, answer, 100, 0);
    assertThatThrownBy(() -> connect(server, LONG_MILLIS))
        .isInstanceOf(IOException.class)
        .satisfies(
            failure ->
                assertThat(failure.getMessage()).doesNotContain("class ", "java.", "Exception"));
  }

  @Test
  void whatTheServerSaysIsToldInOneShortLineWithoutSecrets() throws IOException {
    Server server =
        server(
            "-ERR SECRET s3same \u001b[31m\u0007\u2028\u202ered " + repeated('x') + "\r\n",
            "",
            0,
            0);
    assertThatThrownBy(() -> connect(server, LONG_MILLIS))
        .isInstanceOf(IOException.class)
        .satisfies(
            failure ->
                assertThat(failure.getMessage())
                    .startsWith("ERR *** [password]  [31m   red xxx")
                    .endsWith("xxx...")
                    .hasSize(203));
  }

  private static String repeated(char c) {
    return new String(new char[1_000]).replace('\0', c);
  }
}
