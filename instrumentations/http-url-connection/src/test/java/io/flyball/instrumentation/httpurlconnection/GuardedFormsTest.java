package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.provider.CannedAnswers;
import io.flyball.instrumentation.testing.provider.FakeProvider;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where something is configured that no call may exceed, no form of asking gets past it: each is
 * read, or is not sent.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GuardedFormsTest {
  @RegisterExtension
  static final InProcessAgent AGENT = InProcessAgent.guard(new HttpUrlConnectionInstrumentation());

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

  enum Mode {
    BUFFERED,
    FIXED,
    CHUNKED;

    void set(HttpURLConnection connection, int length) {
      if (this == FIXED) {
        connection.setFixedLengthStreamingMode(length);
      } else if (this == CHUNKED) {
        connection.setChunkedStreamingMode(64);
      }
    }
  }

  enum Oddity {
    NONE {
      @Override
      void set(HttpURLConnection connection) {}
    },
    A_HEADER_WITHOUT_A_VALUE {
      @Override
      void set(HttpURLConnection connection) {
        connection.setRequestProperty("x-odd", "1");
        connection.setRequestProperty("x-odd", null);
      }
    },
    EXPECT {
      @Override
      void set(HttpURLConnection connection) {
        connection.setRequestProperty("Expect", "later");
      }
    },
    METHOD_NOT_SET {
      @Override
      void set(HttpURLConnection connection) {}
    },
    ASKED_BEFORE_IT_HAD_OUTPUT {
      @Override
      void set(HttpURLConnection connection) {
        connection.setDoOutput(false);
        assertThat(catchThrowable(connection::getOutputStream))
            .isInstanceOf(ProtocolException.class);
        connection.setDoOutput(true);
      }
    };

    abstract void set(HttpURLConnection connection) throws Exception;
  }

  static Stream<Arguments> forms() {
    List<Arguments> forms = new ArrayList<>();
    for (Mode mode : Mode.values()) {
      for (Oddity oddity : Oddity.values()) {
        forms.add(Arguments.of(mode, oddity));
      }
    }
    return forms.stream();
  }

  private HttpURLConnection connection() throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(provider.url() + "/v1/chat/completions").openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    return connection;
  }

  private String ask(Mode mode, Oddity oddity, String body) throws Exception {
    HttpURLConnection connection = connection();
    if (oddity != Oddity.METHOD_NOT_SET) {
      connection.setRequestMethod("POST");
    }
    mode.set(connection, body.length());
    oddity.set(connection);
    try (OutputStream out = connection.getOutputStream()) {
      out.write(body.getBytes(US_ASCII));
    }
    int code = connection.getResponseCode();
    try (InputStream in = code < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return code + " " + Programs.text(in);
    }
  }

  @ParameterizedTest
  @MethodSource("forms")
  void whatExceedsALimitIsRefusedInEveryForm(Mode mode, Oddity oddity) throws Exception {
    String prompt = String.join("", Collections.nCopies(5_000, "word "));
    assertThat(ask(mode, oddity, Outgoing.CHAT.replace("Hi", prompt)))
        .startsWith("4")
        .contains("flyball");
    assertThat(provider.requests()).isEmpty();

    assertThat(ask(mode, oddity, Outgoing.CHAT)).contains(CannedAnswers.CHAT);
    assertThat(provider.requests()).hasSize(1);
  }

  /** The JDK notices only once it has sent as much as was declared. */
  @Test
  void aBodyThatIsLongerThanItDeclaresIsNotSent() throws Exception {
    HttpURLConnection connection = connection();
    connection.setFixedLengthStreamingMode(Outgoing.CHAT.length());
    OutputStream out = connection.getOutputStream();
    out.write(Outgoing.CHAT.getBytes(US_ASCII));
    assertThat(catchThrowable(() -> out.write(' '))).hasMessage("too many bytes to write");
    assertThat(catchThrowable(connection::getInputStream)).isInstanceOf(IOException.class);
    connection.disconnect();
    assertThat(provider.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(value = Mode.class, names = "BUFFERED", mode = EnumSource.Mode.EXCLUDE)
  void whatNobodyMayReadTheAnswerOfIsNotSent(Mode mode) throws Exception {
    HttpURLConnection connection = connection();
    connection.setDoInput(false);
    mode.set(connection, Outgoing.CHAT.length());
    assertThat(catchThrowable(connection::getOutputStream))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("Flyball");
    assertThat(provider.connections()).isEmpty();
  }
}
