package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.pipeline.Policies;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URL;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Methods of a connection in any order: where the JDK's own gives something, ours gives the same,
 * and as many requests are sent. Up to where the JDK's own fails: what it makes of a connection
 * after that is nothing that anybody relies on.
 *
 * <p>{@code -Dflyball.sequences.seed} and {@code flyball.sequences.count} run others.
 */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AnySequenceTest {
  private static final byte[] BODY = Outgoing.CHAT.getBytes(UTF_8);
  private static final String CLOSE = "Connection";
  private static final int STEPS = 26;
  private static final List<Integer> CONNECTING = Arrays.asList(4, 9, 10, 13, 14, 15, 16, 17);
  private static final long LONGEST_CLOSING_NANOS = 500_000_000L;

  @RegisterExtension
  static final InProcessAgent AGENT =
      InProcessAgent.govern(new HttpUrlConnectionInstrumentation())
          .with(Policies.NONE)
          .unscripted();

  private static Answer answer(int kind) {
    String error = "{\"error\":{\"message\":\"bad\",\"type\":\"invalid_request_error\"}}";
    switch (kind) {
      case 0:
        return Answer.of(200, "{\"id\":\"x\"}", "X-Two", "1", "X-Two", "2", CLOSE, "close");
      case 1:
        return Answer.of(400, error, CLOSE, "close");
      case 2:
        return Answer.of(404, error, CLOSE, "close");
      case 3:
        return Answer.chunked(200, CLOSE, "close").chunk("{\"id\":1}").end();
      case 4:
        return Answer.of(401, error, "WWW-Authenticate", "Bearer", CLOSE, "close");
      case 5:
        return Answer.of(403, "", CLOSE, "close");
      case 6:
        return Answer.nothing().raw("HTTP/1.0 200 OK\r\n\r\n{}".getBytes(UTF_8)).close();
      default:
        return Answer.nothing().raw("HTTP/1.1 410 Gone\r\n\r\ngone".getBytes(UTF_8)).close();
    }
  }

  @Test
  void isAnsweredAsTheJdkDoes() throws Exception {
    long seed = Long.getLong("flyball.sequences.seed", 1);
    int count = Integer.getInteger("flyball.sequences.count", 300);
    List<String> broken = new ArrayList<>();
    for (long i = seed; i < seed + count; i++) {
      Told bare = run(Bare.OWN, i, Integer.MAX_VALUE);
      int fair = bare.stepsBeforeFailure();
      if (fair < bare.steps.size()) {
        bare = run(Bare.OWN, i, fair);
        if (bare.stepsBeforeFailure() < fair) {
          continue;
        }
      }
      Told ours = run(Bare.GOVERNED, i, fair);
      if (!ours.toString().equals(bare.toString())) {
        broken.add("seed " + i + "\n  bare " + bare + "\n  ours " + ours);
      }
    }
    assertThat(broken).isEmpty();
    assertThat(AGENT.failures()).isEmpty();
  }

  private static Told run(String path, long seed, int most) throws IOException {
    Random random = new Random(seed * 7919 + 13);
    int kind = random.nextInt(8);
    try (FakeProvider provider = FakeProvider.start(0, request -> answer(kind))) {
      HttpURLConnection connection =
          (HttpURLConnection) new URL(provider.url() + path).openConnection();
      Told told = new Told("answer " + kind);
      Sequence sequence = new Sequence(connection, random, told);
      sequence.run(most);
      connection.disconnect();
      awaitAllClosed(provider, sequence.connected);
      told.requests = provider.requests().size();
      return told;
    }
  }

  private static void awaitAllClosed(FakeProvider provider, boolean any) {
    long end = System.nanoTime() + LONGEST_CLOSING_NANOS;
    while (System.nanoTime() < end
        && ((any && provider.connections().isEmpty())
            || !provider.connections().stream().allMatch(wire -> wire.isClientClosed()))) {
      LockSupport.parkNanos(100_000);
    }
  }

  private static final class Told {
    final List<String> steps = new ArrayList<>();
    private final String name;
    int requests;

    Told(String name) {
      this.name = name;
    }

    int stepsBeforeFailure() {
      for (int i = 0; i < steps.size(); i++) {
        if (steps.get(i).contains("Exception: ") && !steps.get(i).contains(" as told")) {
          return i;
        }
      }
      return steps.size();
    }

    @Override
    public String toString() {
      return name + " " + steps + " requests " + requests;
    }
  }

  private static final class Sequence {
    private final HttpURLConnection connection;
    private final Random random;
    private final Told told;
    private OutputStream out;
    private InputStream in;
    boolean connected;

    Sequence(HttpURLConnection connection, Random random, Told told) {
      this.connection = connection;
      this.random = random;
      this.told = told;
    }

    void run(int most) throws IOException {
      connection.setReadTimeout(2_000);
      connection.setRequestProperty("Connection", "close");
      if (random.nextInt(3) > 0) {
        setUp();
      }
      int steps = 3 + random.nextInt(9);
      for (int i = 0; i < Math.min(steps, most); i++) {
        int step = random.nextInt(STEPS);
        connected |= CONNECTING.contains(step);
        String result;
        try {
          result = step(step, i);
        } catch (IOException | RuntimeException thrown) {
          boolean ofTheAnswer = String.valueOf(thrown.getMessage()).contains("Server returned");
          result =
              thrown.getClass().getName()
                  + ": "
                  + thrown.getMessage()
                  + (ofTheAnswer || thrown instanceof FileNotFoundException ? " as told" : "");
        }
        told.steps.add(
            step
                + "="
                + String.valueOf(result)
                    .replace(Bare.OWN, Bare.GOVERNED)
                    .replaceAll(":[0-9]{4,5}/", ":PORT/")
                    .replaceAll("@[0-9a-f]+", "@"));
      }
    }

    private void setUp() throws IOException {
      connection.setDoOutput(true);
      connection.setRequestMethod("POST");
      connection.setRequestProperty("Content-Type", "application/json");
      int mode = random.nextInt(4);
      if (mode == 0) {
        connection.setFixedLengthStreamingMode(BODY.length);
      } else if (mode == 1) {
        connection.setChunkedStreamingMode(random.nextInt(2) * 16);
      }
      if (random.nextInt(3) > 0) {
        connected = true;
        out = connection.getOutputStream();
        out.write(BODY);
        if (random.nextBoolean()) {
          out.close();
        }
      }
    }

    private String step(int step, int number) throws IOException {
      switch (step) {
        case 0:
          connection.setDoOutput(true);
          return "";
        case 1:
          connection.setRequestMethod(random.nextBoolean() ? "POST" : "GET");
          return "";
        case 2:
          connection.setRequestProperty("X-T", "v" + number);
          return "";
        case 3:
          return connection.getRequestProperty("X-T");
        case 4:
          connection.connect();
          return "";
        case 5:
          out = connection.getOutputStream();
          return "out";
        case 6:
          if (out != null) {
            out.write(BODY);
          }
          return "";
        case 7:
          if (out != null) {
            out.close();
          }
          return "";
        case 8:
          if (out != null) {
            out.flush();
          }
          return "";
        case 9:
          return "" + connection.getResponseCode();
        case 10:
          in = connection.getInputStream();
          return "in";
        case 11:
          return in == null ? "-" : Programs.text(in);
        case 12:
          InputStream errors = connection.getErrorStream();
          return errors == null ? "none" : Programs.text(errors);
        case 13:
          return connection.getHeaderField("x-two");
        case 14:
          return connection.getHeaderField(0) + "/" + connection.getHeaderField(99);
        case 15:
          return "" + connection.getHeaderFields().get("X-Two");
        case 16:
          return connection.getContentLength() + "/" + connection.getContentType();
        case 17:
          return connection.getResponseMessage();
        case 18:
          connection.disconnect();
          return "";
        case 19:
          return connection.getURL().getPath() + connection.usingProxy();
        case 20:
          return connection.getRequestMethod();
        case 21:
          connection.setFixedLengthStreamingMode(BODY.length);
          return "";
        case 22:
          connection.setChunkedStreamingMode(0);
          return "";
        case 23:
          return connection.getDoOutput() + "" + connection.getDoInput();
        case 24:
          connection.setUseCaches(false);
          return "";
        default:
          if (in != null) {
            in.close();
          }
          return "";
      }
    }
  }
}
