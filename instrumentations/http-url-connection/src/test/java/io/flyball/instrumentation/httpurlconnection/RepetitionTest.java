package io.flyball.instrumentation.httpurlconnection;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.instrumentation.testing.GovernedClient;
import io.flyball.instrumentation.testing.InProcessAgent;
import io.flyball.instrumentation.testing.Outgoing;
import io.flyball.instrumentation.testing.RepetitionContract;
import io.flyball.instrumentation.testing.provider.Answer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketException;
import java.net.URL;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepetitionTest extends RepetitionContract {
  private static final String HEAD =
      "HTTP/1.1 200 OK\r\nX-Two: 1\r\nContent-Type: application/json\r\nX-Two: 2\r\n";

  @RegisterExtension
  static final InProcessAgent AGENT = repeating(new HttpUrlConnectionInstrumentation());

  @Override
  protected InProcessAgent agent() {
    return AGENT;
  }

  @Override
  protected GovernedClient newClient(long timeoutMillis) {
    return new HttpUrlConnectionClient(timeoutMillis);
  }

  @Override
  protected GovernedClient newClientWithSecrets() {
    return HttpUrlConnectionClient.withSecret(SECRET);
  }

  @Override
  protected Set<Capability> capabilities() {
    return EnumSet.of(Capability.ABORTABLE);
  }

  private HttpURLConnection sent(String path) throws IOException {
    HttpURLConnection connection =
        (HttpURLConnection) new URL(provider.url() + path).openConnection();
    connection.setDoOutput(true);
    connection.setRequestProperty("Content-Type", "application/json");
    try (OutputStream out = connection.getOutputStream()) {
      out.write(Outgoing.CHAT.getBytes(US_ASCII));
    }
    return connection;
  }

  /** The JDK sends a POST once more by itself; that is not done for each of our attempts. */
  @Test
  void whatTheJdkRepeatsIsNotMultiplied() throws Exception {
    always(Answer.nothing().close());
    assertThatThrownBy(sent(TWIN_PATH)::getInputStream).isInstanceOf(IOException.class);
    int bare = provider.requests().size();
    assertThatThrownBy(sent(PATH)::getInputStream).isInstanceOf(IOException.class);
    assertThat(provider.requests().size() - bare).isEqualTo(bare + 2);
  }

  @Test
  void whoDisconnectsHasAClosedSocket() throws Exception {
    isDown();
    HttpURLConnection connection = sent(PATH);
    whenItWaits(connection::disconnect);
    assertThatThrownBy(connection::getInputStream).isInstanceOf(SocketException.class);
    assertThat(provider.requests()).hasSize(1);
  }

  /** {@code java.net.URI} takes none of them, the JDK's client all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "?trace=a|b",
        "?q={x}",
        "?q=\"x\"",
        "?q=^",
        "?q=\\",
        "?q=%zz",
        "?q=%",
        "?q=[1]|",
        "?q=\u00e4|\ud83d\ude00",
        "?q=a b",
        "#a|b"
      })
  void whatIsNoUriIsRepeatedAsItIsWritten(String rest) throws Exception {
    repeatedAsWritten(provider.url(), rest);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a|b", "/{tenant}", "/a^", "/%zz", "/\u00e4|", "/a b"})
  void aPathThatIsNoUriIsRepeatedAsItIsWritten(String prefix) throws Exception {
    repeatedAsWritten(provider.url() + prefix, "");
  }

  @Test
  void aUserThatIsInNoUriIsRepeatedAsItIsWritten() throws Exception {
    repeatedAsWritten(provider.url().replace("://", "://us|er:pa|ss{}@"), "");
  }

  private void repeatedAsWritten(String base, String rest) throws Exception {
    provider.answer(Answer.json(503, DOWN), Answer.json(200, "{}"), Answer.json(200, "{}"));
    for (String path : new String[] {PATH, TWIN_PATH}) {
      HttpURLConnection connection =
          (HttpURLConnection) new URL(base + path + rest).openConnection();
      connection.setDoOutput(true);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(Outgoing.CHAT.getBytes(US_ASCII));
      }
      assertThat(connection.getResponseCode()).isEqualTo(200);
      assertThat(Programs.text(connection.getInputStream())).isEqualTo("{}");
    }

    assertThat(provider.requests()).as("the call is governed, and asked again").hasSize(3);
    String bare = provider.requests().get(2).rawText().replace(TWIN_PATH, PATH);
    assertThat(provider.requests().get(0).rawText()).isEqualTo(bare);
    assertThat(provider.requests().get(1).rawText()).isEqualTo(bare);
  }

  /** The last field of a chunked body is one of the connection's once the body has been read. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void trailersAreThereAtTheEndOfTheBodyAndNotBefore(boolean mapFirst) throws Exception {
    String trailers = "X-Trailer: last\r\nX-Two: 3\r\n";
    Answer answer =
        Answer.nothing()
            .raw(
                (HEAD + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n" + trailers + "\r\n")
                    .getBytes(US_ASCII));
    List<List<String>> seen = new ArrayList<>();
    for (String path : new String[] {TWIN_PATH, PATH}) {
      provider.answer(answer);
      List<String> told = new ArrayList<>();
      HttpURLConnection connection = sent(path);
      InputStream in = connection.getInputStream();
      if (path.equals(PATH)) {
        assertThat(connection.getHeaderField("x-trailer")).isNull();
        assertThat(connection.getHeaderField("x-two")).isEqualTo("2");
      }
      if (mapFirst) {
        told.add(String.valueOf(connection.getHeaderFields().get("X-Two")));
      }
      assertThat(Programs.text(in)).isEqualTo("{}");
      told.add(connection.getHeaderField("x-trailer"));
      told.add(connection.getHeaderField("x-two"));
      told.add(String.valueOf(connection.getHeaderFields().get("X-Two")));
      told.add(String.valueOf(connection.getHeaderFields().get("X-Trailer")));
      for (int n = 0; connection.getHeaderField(n) != null; n++) {
        String name = connection.getHeaderFieldKey(n);
        if (name == null || !name.startsWith("x-flyball-")) {
          told.add(name + "=" + connection.getHeaderField(n));
        }
      }
      seen.add(told);
    }
    assertThat(seen.get(1)).isEqualTo(seen.get(0)).contains("last", "X-Trailer=last", "X-Two=3");
  }

  /** The JDK has them without a name, which headers of the engine's cannot have. */
  @ParameterizedTest
  @ValueSource(strings = {"no field", "no field: 1", ": 1"})
  void linesThatAreNoFieldsAreWhereTheJdkHasThem(String line) throws Exception {
    Answer answer =
        Answer.nothing().raw((HEAD + line + "\r\nContent-Length: 2\r\n\r\n{}").getBytes(US_ASCII));
    List<List<String>> seen = new ArrayList<>();
    for (String path : new String[] {TWIN_PATH, PATH}) {
      provider.answer(answer);
      HttpURLConnection connection = sent(path);
      List<String> told = new ArrayList<>();
      for (int n = 0; n < 6; n++) {
        told.add(connection.getHeaderFieldKey(n) + "=" + connection.getHeaderField(n));
      }
      told.add(connection.getHeaderField((String) null));
      told.add(String.valueOf(connection.getHeaderFields().get(null)));
      told.add(Programs.text(connection.getInputStream()));
      seen.add(told);
    }
    assertThat(seen.get(1)).isEqualTo(seen.get(0));
  }
}
