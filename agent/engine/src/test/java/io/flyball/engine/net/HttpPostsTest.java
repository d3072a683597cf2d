package io.flyball.engine.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.ReportedErrors;
import io.flyball.engine.time.SharedTimer;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.CookieManager;
import java.net.HttpCookie;
import java.net.InetAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("sets what the JVM has one of")
class HttpPostsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final int ENOUGH = 20_000;

  private final SharedTimer timer = new SharedTimer(new ReportedErrors());
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final CookieManager cookies = new CookieManager();
  private final ProxySelector selector = ProxySelector.getDefault();
  private ServerSocket server;

  @BeforeEach
  void anApplicationWithSecrets() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    HttpCookie session = new HttpCookie("JSESSIONID", "secret");
    session.setPath("/");
    session.setDomain("127.0.0.1");
    cookies.getCookieStore().add(URI.create("http://127.0.0.1/"), session);
    CookieHandler.setDefault(cookies);
    Authenticator.setDefault(
        new Authenticator() {
          @Override
          protected PasswordAuthentication getPasswordAuthentication() {
            asked.add(getRequestorType() + " " + getRequestingPrompt());
            return new PasswordAuthentication("user", "secret".toCharArray());
          }
        });
  }

  @AfterEach
  void stop() throws IOException {
    CookieHandler.setDefault(null);
    Authenticator.setDefault(null);
    ProxySelector.setDefault(selector);
    server.close();
    timer.close();
  }

  /** Answers in order, the last one again and again; a null breaks off. */
  private void answers(String... answers) {
    ServerSocket listening = server;
    Thread thread =
        new Thread(
            () -> {
              int next = 0;
              while (!listening.isClosed()) {
                try (Socket socket = listening.accept()) {
                  connections.incrementAndGet();
                  DataInputStream in = new DataInputStream(socket.getInputStream());
                  for (String head = head(in); head != null; head = head(in)) {
                    heads.add(head);
                    String answer = answers[Math.min(next++, answers.length - 1)];
                    if (answer == null) {
                      break;
                    }
                    write(socket.getOutputStream(), answer);
                  }
                } catch (IOException over) {
                  // The next one.
                }
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** What ends in three dots goes on like that for ever. */
  private static void write(OutputStream out, String answer) throws IOException {
    if (!answer.endsWith("...")) {
      out.write(answer.getBytes(StandardCharsets.ISO_8859_1));
      return;
    }
    StringBuilder many = new StringBuilder();
    for (int i = 0; i < 500; i++) {
      many.append(answer, 0, answer.length() - 3);
    }
    while (true) {
      out.write(many.toString().getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  private static String head(DataInputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int read = in.read();
      if (read < 0) {
        return null;
      }
      head.append((char) read);
    }
    String text = head.toString();
    int length = text.indexOf("Content-Length: ");
    if (length >= 0) {
      in.readFully(
          new byte[Integer.parseInt(text.substring(length + 16, text.indexOf('\r', length)))]);
    }
    return text;
  }

  private String address() {
    return "http://127.0.0.1:" + server.getLocalPort() + "/v1/x?a=b";
  }

  private HttpPosts posts(String address) throws IOException {
    return new HttpPosts(URI.create(address), null, timer);
  }

  private static int post(HttpPosts posts, int millis) throws IOException {
    return posts
        .post(
            Collections.singletonMap("X-Team", Collections.singletonList("a")),
            "hello".getBytes(StandardCharsets.UTF_8),
            millis,
            millis,
            TimeUnit.MILLISECONDS.toNanos(millis))
        .status();
  }

  @Test
  void theApplicationsSecretsAreNobodysHere() throws IOException {
    answers(
        "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nSet-Cookie: a=b; Path=/\r\n"
            + "Content-Length: 0\r\n\r\n",
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 307 There\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n",
        OK);
    try (HttpPosts posts = posts(address())) {
      for (int status : new int[] {401, 407, 307, 200}) {
        assertThat(post(posts, ENOUGH)).isEqualTo(status);
      }
    }
    assertThat(asked).isEmpty();
    assertThat(cookies.getCookieStore().getCookies()).hasSize(1);
    assertThat(heads)
        .hasSize(4)
        .allMatch(head -> head.startsWith("POST /v1/x?a=b HTTP/1.1\r\nHost: 127.0.0.1:"))
        .allMatch(head -> head.contains("X-Team: a\r\n"))
        .noneMatch(head -> head.contains("Authorization") || head.contains("Cookie"));
  }

  @Test
  void interimAnswersAreReadWithoutEndOnlyWithinBounds() throws IOException {
    String one = "HTTP/1.1 100 Continue\r\n\r\n";
    answers(
        one + one + one + OK,
        one + "...",
        "HTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n...",
        "HTTP/1.1 200 OK\r\nx: y\r\n...",
        "HTTP/1.1 200 OK, really, ...",
        OK);
    try (HttpPosts posts = posts(address())) {
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
      for (int i = 0; i < 4; i++) {
        assertThatThrownBy(() -> post(posts, ENOUGH)).isInstanceOf(IOException.class);
      }
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
    }
  }

  @Test
  void aConnectionThatWasKeptAndIsGoneIsMadeAgain() throws IOException {
    answers(OK, null, OK);
    try (HttpPosts posts = posts(address())) {
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
    }
    assertThat(heads).hasSize(3);
  }

  /** In the same packet, or some time later while the connection is kept. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "JUNK",
        "\r\n",
        "HTTP/1.1 500 Not yours\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\nFIN",
        "FIN"
      })
  void whatComesWithoutARequestIsNoAnswerToTheNext(String more) throws Exception {
    for (boolean later : new boolean[] {false, true}) {
      heads.clear();
      CountDownLatch said = new CountDownLatch(1);
      CountDownLatch heard = new CountDownLatch(later ? 1 : 0);
      ServerSocket first = server;
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = first.accept()) {
                  DataInputStream in = new DataInputStream(socket.getInputStream());
                  heads.add(head(in));
                  OutputStream out = socket.getOutputStream();
                  byte[] stray = more.replace("FIN", "").getBytes(StandardCharsets.ISO_8859_1);
                  if (later) {
                    out.write(OK.getBytes(StandardCharsets.ISO_8859_1));
                    heard.await();
                    out.write(stray);
                  } else {
                    ByteArrayOutputStream both = new ByteArrayOutputStream();
                    both.write(OK.getBytes(StandardCharsets.ISO_8859_1));
                    both.write(stray);
                    out.write(both.toByteArray());
                  }
                  if (more.endsWith("FIN")) {
                    socket.shutdownOutput();
                  }
                  said.countDown();
                  // Where it is taken for one, there is a second request here.
                  if (head(in) != null) {
                    heads.add("on the connection that is over");
                  }
                } catch (IOException | InterruptedException over) {
                  said.countDown();
                }
              });
      thread.setDaemon(true);
      thread.start();
      try (HttpPosts posts = posts(address())) {
        assertThat(post(posts, ENOUGH)).isEqualTo(200);
        heard.countDown();
        said.await();
        answers("HTTP/1.1 202 Yours\r\nContent-Length: 0\r\n\r\n");
        assertThat(post(posts, ENOUGH)).isEqualTo(202);
      }
      thread.join();
      assertThat(heads).hasSize(2).doesNotContain("on the connection that is over");
      server.close();
      server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }
  }

  /** One that says two things of its end, or that it is the last, is not gone on behind. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Content-Length: 0\r\nContent-Length: 5\r\n\r\nhello",
        "Content-Length: 5\r\nContent-Length: 0\r\n\r\nhello",
        "Content-Length: 0, 5\r\n\r\nhello",
        "Content-Length: +0\r\n\r\n",
        "Content-Length: -5\r\n\r\n",
        "Content-Length: 99999999999999999999\r\n\r\n",
        "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n-1\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nmore",
        "Content-Length: 0\r\nConnection: foo, Close\r\n\r\n",
        "Content-Length: 0\r\nConnection: foo\r\nConnection: close\r\n\r\n"
      })
  void anAnswerWhoseEndIsDoubtfulIsTheLastOfItsConnection(String rest) throws IOException {
    answers("HTTP/1.1 200 OK\r\n" + rest, "HTTP/1.1 202 Yours\r\nContent-Length: 0\r\n\r\n");
    try (HttpPosts posts = posts(address())) {
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
      assertThat(post(posts, ENOUGH)).isEqualTo(202);
    }
    assertThat(connections).hasValue(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 204 No\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n5;x=y\r\nhello\r\n0\r\nT: v\r\n\r\n"
      })
  void oneWhoseEndIsClearIsNot(String answer) throws IOException {
    answers(answer, "HTTP/1.1 202 Yours\r\nContent-Length: 0\r\n\r\n");
    try (HttpPosts posts = posts(address())) {
      assertThat(post(posts, ENOUGH)).isNotEqualTo(202);
      assertThat(post(posts, ENOUGH)).isEqualTo(202);
    }
    assertThat(connections).hasValue(1);
  }

  @Test
  void whoIsSilentIsNotAskedTwice() throws IOException {
    answers(OK, "");
    try (HttpPosts posts = posts(address())) {
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
      assertThatThrownBy(() -> post(posts, 200)).isInstanceOf(SocketTimeoutException.class);
    }
    assertThat(heads).hasSize(2);
  }

  @Test
  void aProxyIsLoggedInToAsTheJvmWould() throws IOException {
    answers(
        "HTTP/1.1 407 No\r\nProxy-Authenticate: Basic realm=\"p\"\r\nContent-Length: 0\r\n\r\n",
        OK);
    ProxySelector.setDefault(through());
    try (HttpPosts posts = posts("http://collector.invalid/v1/x")) {
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
      assertThat(post(posts, ENOUGH)).isEqualTo(200);
    }
    assertThat(asked).containsExactly("PROXY p");
    assertThat(heads)
        .hasSize(3)
        .allMatch(head -> head.startsWith("POST http://collector.invalid/v1/x HTTP/1.1\r\n"));
    assertThat(heads.get(0)).doesNotContain("Authorization");
    // user:secret
    assertThat(heads.subList(1, 3))
        .allMatch(head -> head.contains("\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n"));
  }

  @Test
  void tlsGoesThroughATunnel() throws IOException {
    answers("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    ProxySelector.setDefault(through());
    try (HttpPosts posts = posts("https://collector.invalid/v1/x")) {
      assertThatThrownBy(() -> post(posts, ENOUGH)).hasMessage("the proxy answered 403");
    }
    assertThat(heads.get(0)).startsWith("CONNECT collector.invalid:443 HTTP/1.1\r\n");
  }

  private ProxySelector through() {
    Proxy proxy = new Proxy(Proxy.Type.HTTP, server.getLocalSocketAddress());
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return Collections.singletonList(proxy);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException failure) {}
    };
  }

  @Test
  void aHeaderIsOneLine() throws IOException {
    try (HttpPosts posts = posts(address())) {
      for (String value : Arrays.asList("a\r\nb: c", "a\n")) {
        assertThatThrownBy(
                () ->
                    posts.post(
                        Collections.singletonMap("X", Collections.singletonList(value)),
                        new byte[0],
                        1,
                        1,
                        1))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageNotContaining("b: c");
      }
    }
  }
}
