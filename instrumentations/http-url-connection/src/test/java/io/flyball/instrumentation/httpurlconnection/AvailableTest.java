package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Programs that read no more than what is available get what they get without us. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class AvailableTest {
  private static final String ERROR = "{\"error\":{\"message\":\"bad\"}}";

  @RegisterExtension static final InProcessAgent AGENT = Bare.agent(Bare.policies().build());

  /** More than any buffer on the way holds. */
  private static final String LONG = longChat();

  private static String longChat() {
    char[] letters = new char[50_000];
    Arrays.fill(letters, 'x');
    return CannedAnswers.CHAT.replaceFirst(
        "(\"content\" ?: ?\")", "$1" + new String(letters).replace("$", ""));
  }

  private static HttpURLConnection asked(FakeProvider provider, String path, String body)
      throws IOException {
    HttpURLConnection connection = Bare.post(provider.url() + path);
    Bare.write(connection, body);
    connection.getResponseCode();
    return connection;
  }

  private static void awaitAvailable(InputStream in, int bytes) throws IOException {
    long end = System.nanoTime() + 10_000_000_000L;
    while (in.available() < bytes && System.nanoTime() < end) {
      Thread.yield();
    }
    assertThat(in.available()).isEqualTo(bytes);
  }

  @Test
  void oneReadOfWhatIsAvailableGivesAllOfIt() throws Exception {
    assertThat(LONG.length()).isGreaterThan(50_000);
    for (String path : Bare.BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(Answer.json(200, LONG), Answer.json(400, ERROR));
        InputStream in = asked(provider, path, Outgoing.CHAT).getInputStream();
        awaitAvailable(in, LONG.length());
        byte[] all = new byte[in.available()];
        assertThat(in.read(all)).isEqualTo(all.length);
        assertThat(new String(all, UTF_8)).isEqualTo(LONG);
        assertThat(in.read()).isEqualTo(-1);

        InputStream error = asked(provider, path, Outgoing.CHAT).getErrorStream();
        awaitAvailable(error, ERROR.length());
        StringBuilder read = new StringBuilder();
        while (error.available() > 0) {
          read.append((char) error.read());
        }
        assertThat(read.toString()).isEqualTo(ERROR);
      }
    }
  }

  @Test
  void aReaderIsReady() throws Exception {
    for (String path : Bare.BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(Answer.chunked(200, "content-type", "application/json").chunk(LONG).end());
        InputStream in = asked(provider, path, Outgoing.CHAT).getInputStream();
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, UTF_8));
        StringBuilder read = new StringBuilder();
        long end = System.nanoTime() + 10_000_000_000L;
        while (read.length() < LONG.length() && System.nanoTime() < end) {
          if (reader.ready()) {
            read.append((char) reader.read());
          }
        }
        assertThat(read.toString()).isEqualTo(LONG);
      }
    }
  }

  private static String event(String words) {
    return "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":"
        + "[{\"index\":0,\"delta\":{\"content\":\""
        + words
        + "\"},\"finish_reason\":null}]}\n\n";
  }

  @Test
  void oneReadOfWhatIsAvailableGivesAllOfAStream() throws Exception {
    String all = event("One ") + event("two ") + "data: [DONE]\n\n";
    for (String path : Bare.BOTH) {
      try (FakeProvider provider = FakeProvider.start()) {
        provider.answer(
            Answer.events().chunk(event("One ")).chunk(event("two ")).event("[DONE]").end());
        InputStream in = asked(provider, path, Outgoing.CHAT_STREAM).getInputStream();
        awaitAvailable(in, all.length());
        byte[] read = new byte[in.available()];
        assertThat(in.read(read)).isEqualTo(read.length);
        assertThat(new String(read, UTF_8)).isEqualTo(all);
      }
    }
  }

  /** What is held back for a while is not available either: who is told that it is would wait. */
  @Test
  void ofAStreamWhatGoesOn() throws Exception {
    String begun = event("One ") + event("two ");
    for (String half : new String[] {"", "data: {\"id\":\"c1\",\"obj"}) {
      for (String path : Bare.BOTH) {
        try (FakeProvider provider = FakeProvider.start()) {
          provider.answer(
              Answer.events().chunk(begun).chunk(half.isEmpty() ? ":\n" : half).stall());
          HttpURLConnection connection = asked(provider, path, Outgoing.CHAT_STREAM);
          InputStream in = connection.getInputStream();
          StringBuilder read = new StringBuilder();
          long end = System.nanoTime() + 10_000_000_000L;
          while (read.length() < begun.length() && System.nanoTime() < end) {
            while (in.available() > 0) {
              read.append((char) in.read());
            }
          }
          assertThat(read.toString()).startsWith(begun);
          connection.disconnect();
        }
      }
    }
  }
}
