package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.call.Outcome;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import io.flyball.instrumentation.testing.provider.Gate;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.WeakReference;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * In the streaming modes the JDK has sent a request once it is written, whether anybody asks for
 * the answer or not. And what becomes of calls whose answer nobody asks for.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SentAheadTest {
  private static final byte[] BODY = Outgoing.CHAT.getBytes(UTF_8);

  private static final byte[] STREAMED =
      Outgoing.CHAT.replaceFirst("\\{", "{\"stream\":true,").getBytes(UTF_8);

  @RegisterExtension static final InProcessAgent AGENT = Bare.agent(Bare.policies().build());

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

  enum Written {
    FIXED_LENGTH,
    CHUNKED,
    FIXED_LENGTH_AND_FLUSHED;

    HttpURLConnection send(String url) throws IOException {
      return send(url, BODY);
    }

    HttpURLConnection send(String url, byte[] body) throws IOException {
      HttpURLConnection connection = Bare.post(url);
      if (this == CHUNKED) {
        connection.setChunkedStreamingMode(0);
      } else {
        connection.setFixedLengthStreamingMode(body.length);
      }
      OutputStream out = connection.getOutputStream();
      out.write(body);
      if (this == FIXED_LENGTH_AND_FLUSHED) {
        out.flush();
      } else {
        out.close();
      }
      return connection;
    }
  }

  private static void await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("30 s are over").isLessThan(end);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @ParameterizedTest
  @EnumSource(Written.class)
  void severalAreUnderWayAtOnce(Written mode) throws Exception {
    for (String path : Bare.BOTH) {
      Gate[] gates = new Gate[6];
      for (int i = 0; i < gates.length; i++) {
        gates[i] = new Gate();
        provider.answer(Answer.nothing().gate(gates[i]).andThen(Answer.json(200, "{}")));
      }
      List<HttpURLConnection> sent = new ArrayList<>();
      for (int i = 0; i < gates.length; i++) {
        sent.add(mode.send(provider.url() + path));
      }
      for (Gate gate : gates) {
        gate.awaitReached();
      }
      Arrays.asList(gates).forEach(Gate::open);
      for (HttpURLConnection connection : sent) {
        assertThat(Programs.text(connection.getInputStream())).isEqualTo("{}");
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Written.class)
  void whoseAnswerNobodyWantsIsSent(Written mode) throws Exception {
    for (String path : Bare.BOTH) {
      HttpURLConnection connection = mode.send(provider.url() + path);
      connection.disconnect();
      assertThat(provider.takeRequest().bodyText()).isEqualTo(Outgoing.CHAT);
    }
    assertThat(provider.requests()).hasSize(2);
    await(() -> !AGENT.records().isEmpty());
  }

  @Test
  void whatIsLongerThanABufferIsSentWithItsLastByte() throws Exception {
    byte[] body =
        ("{\"model\":\"gpt-4o\",\"messages\":[{\"role\":\"user\",\"content\":\""
                + new String(new char[20_000]).replace('\0', 'a')
                + "\"}]}")
            .getBytes(US_ASCII);
    for (String path : Bare.BOTH) {
      HttpURLConnection connection = Bare.post(provider.url() + path);
      connection.setFixedLengthStreamingMode(body.length);
      connection.getOutputStream().write(body);
      assertThat(provider.takeRequest().bodyText()).hasSize(body.length);
      assertThat(connection.getResponseCode()).isEqualTo(200);
    }
  }

  @ParameterizedTest
  @EnumSource(Written.class)
  void whoHasDisconnectedBeforeIsSentNothing(Written mode) throws Exception {
    int most = 0;
    for (String path : Bare.BOTH) {
      HttpURLConnection connection = Bare.post(provider.url() + path);
      connection.setFixedLengthStreamingMode(BODY.length);
      OutputStream out = connection.getOutputStream();
      out.write(BODY);
      connection.disconnect();
      out.close();
      await(() -> provider.connections().stream().allMatch(wire -> wire.isClientClosed()));
      most = path.equals(Bare.OWN) ? provider.requests().size() : most;
    }
    assertThat(provider.requests().size()).isLessThanOrEqualTo(2 * most);
  }

  /** The time that the application lets it wait begins when the application waits. */
  @ParameterizedTest
  @EnumSource(Written.class)
  void anAnswerThatCameLateIsThere(Written mode) throws Exception {
    for (String path : Bare.BOTH) {
      CountDownLatch answered = new CountDownLatch(1);
      provider.answer(
          Answer.nothing()
              .pause(600, TimeUnit.MILLISECONDS)
              .andThen(Answer.json(200, "{}"))
              .then(wire -> answered.countDown()));
      HttpURLConnection connection = Bare.post(provider.url() + path);
      connection.setReadTimeout(200);
      connection.setChunkedStreamingMode(0);
      Bare.write(connection, Outgoing.CHAT);
      answered.await();
      assertThat(connection.getResponseCode()).isEqualTo(200);
    }
    assertThat(provider.requests()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Written.class)
  void aFailureIsMadeGoodWhereTheAnswerIsAskedFor(Written mode) throws Exception {
    provider.answer(Answer.json(503, "{}"), Answer.json(200, "{\"id\":1}"));
    HttpURLConnection connection = mode.send(provider.url() + Bare.GOVERNED);
    assertThat(Programs.text(connection.getInputStream())).isEqualTo("{\"id\":1}");
    assertThat(provider.requests()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource(Written.class)
  void whoDisconnectsHasAClosedSocket(Written mode) throws Exception {
    provider.answer(Answer.silence());
    HttpURLConnection connection = mode.send(provider.url() + Bare.GOVERNED);
    provider.takeRequest();
    connection.disconnect();
    assertThatThrownBy(connection::getInputStream).isInstanceOf(SocketException.class);
  }

  @Test
  void isAttributedToWhoWroteIt() throws Exception {
    int before = AGENT.records().size();
    HttpURLConnection connection = Written.CHUNKED.send(provider.url() + Bare.GOVERNED);
    CountDownLatch read = new CountDownLatch(1);
    new Thread(
            () -> {
              try {
                Programs.text(connection.getInputStream());
              } catch (IOException failed) {
                return;
              }
              read.countDown();
            })
        .start();
    read.await();
    await(() -> AGENT.records().size() > before);
    assertThat(AGENT.records().get(before).outcome()).isEqualTo(Outcome.SUCCESS);
  }

  /** How far the application comes with a connection before it lets go of it. */
  enum LetGo {
    WITH_THE_CODE_ONLY {
      @Override
      void call(String url) throws IOException {
        HttpURLConnection connection = Bare.post(url);
        Bare.write(connection, Outgoing.CHAT);
        assertThat(connection.getResponseCode()).isEqualTo(200);
      }
    },
    WITH_THE_CODE_ONLY_IN_CHUNKS {
      @Override
      void call(String url) throws IOException {
        assertThat(Written.CHUNKED.send(url).getResponseCode()).isEqualTo(200);
      }
    },
    WITH_THE_STREAM {
      @Override
      void call(String url) throws IOException {
        assertThat(Written.FIXED_LENGTH.send(url).getInputStream()).isNotNull();
      }
    },
    WITHOUT_ASKING {
      @Override
      void call(String url) throws IOException {
        Written.FIXED_LENGTH.send(url);
      }
    };

    abstract void call(String url) throws IOException;
  }

  @ParameterizedTest
  @EnumSource(LetGo.class)
  void endsOnceTheApplicationHasLetGoOfIt(LetGo how) throws Exception {
    int before = AGENT.records().size();
    int calls = 10;
    for (int i = 0; i < calls; i++) {
      how.call(provider.url() + Bare.GOVERNED);
    }
    int[] others = new int[1];
    await(
        () -> {
          System.gc();
          others[0]++;
          try {
            Programs.text(Written.CHUNKED.send(provider.url() + Bare.GOVERNED).getInputStream());
          } catch (IOException failed) {
            throw new AssertionError(failed);
          }
          return AGENT.records().size() >= before + calls + others[0];
        });
  }

  private InputStream answerOf(Written mode, List<WeakReference<Object>> letGo) throws IOException {
    HttpURLConnection connection = mode.send(provider.url() + Bare.GOVERNED, STREAMED);
    letGo.add(new WeakReference<>(connection));
    return connection.getInputStream();
  }

  /** Most code keeps the stream only. */
  @ParameterizedTest
  @EnumSource(Written.class)
  void itsAnswerIsReadOnByWhoHasLetGoOfTheConnection(Written mode) throws Exception {
    String[] words = {"Hel", "lo"};
    Gate gate = new Gate();
    provider.answer(
        Answer.events()
            .event(chunk(words[0]))
            .gate(gate)
            .event(chunk(words[1]))
            .event("[DONE]")
            .end());
    List<WeakReference<Object>> letGo = new ArrayList<>();
    InputStream answer = answerOf(mode, letGo);
    StringBuilder read = new StringBuilder();
    while (read.indexOf(words[0]) < 0) {
      read.append((char) answer.read());
    }
    await(
        () -> {
          System.gc();
          return letGo.get(0).get() == null;
        });
    for (int i = 0; i < 5; i++) {
      System.gc();
      Programs.text(Written.CHUNKED.send(provider.url() + Bare.GOVERNED).getInputStream());
    }
    gate.open();
    assertThat(read + Programs.text(answer)).contains(words[1], "[DONE]");
  }

  private static String chunk(String text) {
    return "{\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":[{\"index\":0,"
        + "\"delta\":{\"content\":\""
        + text
        + "\"},\"finish_reason\":null}]}";
  }
}
