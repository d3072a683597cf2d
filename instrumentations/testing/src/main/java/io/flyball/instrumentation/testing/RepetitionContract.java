package io.flyball.instrumentation.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.instrumentation.api.ClientInstrumentation;
import io.flyball.instrumentation.testing.provider.Answer;
import io.flyball.instrumentation.testing.provider.RecordedRequest;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every governed client must pass where failed calls are repeated. In process; a subclass
 * registers an agent that {@link #repeating} has made.
 */
public abstract class RepetitionContract extends ContractFixture {
  /** The body of the answers of {@link #isDown}. */
  protected static final String DOWN =
      "{\"error\":{\"message\":\"down\",\"type\":\"server_error\"}}";

  private static final long MINUTE = 60_000_000_000L;
  private static final int MORE_THAN_ANYBODY_ASKS = 12;

  /** Given back when a call begins to wait. */
  private static final Semaphore WAITS = new Semaphore(0);

  private static volatile boolean longWaits;

  /** An agent under which such calls are asked for three times, at once but for {@link #isDown}. */
  protected static InProcessAgent repeating(ClientInstrumentation client) {
    return InProcessAgent.govern(client)
        .with(
            Policies.builder()
                .retry(
                    RetrySettings.usual(3).withTime(MINUTE),
                    new Backoff(MINUTE / 2, MINUTE / 2, RepetitionContract::partOfTheWait),
                    new RetryBudget(1, 1000, TimeSource.SYSTEM))
                .build());
  }

  private static double partOfTheWait() {
    WAITS.release();
    return longWaits ? 1 : 0;
  }

  @BeforeEach
  void waitsAreShort() {
    longWaits = false;
  }

  /** The provider is down, and a call waits long for its second attempt. */
  protected final void isDown() {
    always(Answer.json(503, DOWN));
    WAITS.drainPermits();
    longWaits = true;
  }

  /** Runs the action once a call has begun to wait. */
  protected static Thread whenItWaits(Runnable action) {
    Thread other =
        new Thread(
            () -> {
              WAITS.acquireUninterruptibly();
              action.run();
            });
    other.start();
    return other;
  }

  /** The provider answers nothing else. */
  protected final void always(Answer answer) {
    Answer[] answers = new Answer[MORE_THAN_ANYBODY_ASKS];
    Arrays.fill(answers, answer);
    provider.answer(answers);
  }

  @Test
  void anInterruptionOfTheWaitingThreadEndsTheWait() throws Exception {
    isDown();
    whenItWaits(Thread.currentThread()::interrupt);
    if (capabilities().contains(Capability.INTERRUPTIBLE)) {
      assertThatThrownBy(() -> client.send(Outgoing.chat(provider.url())))
          .isInstanceOf(InterruptedException.class);
      assertThat(Thread.interrupted()).isFalse();
    } else {
      Reply reply = client.send(Outgoing.chat(provider.url()));
      assertThat(Thread.interrupted()).isTrue();
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.text()).isEqualTo(DOWN);
    }
    assertThat(provider.requests()).hasSize(1);
  }

  /** It is read for what it asks, and sent as the application encoded it. */
  @Test
  void aBodyInGzipIsRepeatedAsItWasEncoded() throws Exception {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(zipped)) {
      out.write(Outgoing.CHAT.getBytes(ISO_8859_1));
    }
    provider.answer(Answer.json(503, DOWN), Answer.json(200, "{}"));
    Reply reply =
        client.send(
            Outgoing.chat(provider.url())
                .withBody(zipped.toByteArray())
                .with("Content-Encoding", "gzip"));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(provider.requests()).as("the call is governed, and asked again").hasSize(2);
    for (RecordedRequest request : provider.requests()) {
      assertThat(request.body()).isEqualTo(zipped.toByteArray());
      assertThat(request.header("Content-Encoding")).isEqualTo("gzip");
    }
  }

  @Test
  void aCallThatIsCancelledWhileItWaitsIsOver() throws Exception {
    needs(Capability.ASYNC);
    isDown();
    CompletableFuture<OpenReply> reply = client.openAsync(Outgoing.chat(provider.url()));
    whenItWaits(() -> reply.cancel(true)).join();
    assertThatThrownBy(reply::get).satisfies(ContractFixture::assertNothingOfOursIn);
    assertThat(provider.requests()).hasSize(1);
  }

  static Stream<String> answersThatStayTheSame() {
    return unreadable().keySet().stream();
  }

  private static Map<String, Answer> unreadable() {
    // What is closed says so: the next request would else meet the end of the one before.
    String ok = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n";
    String chunked = ok + "Transfer-Encoding: chunked\r\n\r\n";
    Map<String, Answer> answers = new LinkedHashMap<>();
    answers.put("another protocol", raw("HTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    answers.put("no status", raw("HTTP/1.1 fine OK\r\nContent-Length: 2\r\n\r\n{}"));
    answers.put("no HTTP", raw("SSH-2.0-OpenSSH_9.6\r\n"));
    answers.put("a long head", raw(ok + "X-Long: " + letters(600_000) + "\r\n\r\n"));
    answers.put("no chunk size", raw(chunked + "zz\r\n{}\r\n0\r\n\r\n"));
    answers.put("no chunk size in the middle", raw(chunked + "2\r\n{}\r\nzz\r\n{}\r\n0\r\n\r\n"));
    answers.put("a chunk size below 0", raw(chunked + "-2\r\n{}\r\n0\r\n\r\n"));
    answers.put("a trailer that is none", raw(chunked + "2\r\n{}\r\n0\r\nnone\r\n\r\n"));
    answers.put(
        "a 204 with a body",
        raw("HTTP/1.1 204 X\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}"));
    answers.put("a redirection to nowhere", Answer.of(307, ""));
    answers.put("a part", Answer.of(206, Outgoing.CHAT.substring(0, 20)));
    answers.put("nothing yet", Answer.of(202, ""));
    answers.put("no content", Answer.of(205, ""));
    return answers;
  }

  private static Answer raw(String text) {
    return Answer.nothing().raw(text.getBytes(ISO_8859_1)).close();
  }

  private static String letters(int count) {
    char[] letters = new char[count];
    Arrays.fill(letters, 'x');
    return new String(letters);
  }

  /** They come again as they came. */
  @ParameterizedTest
  @MethodSource("answersThatStayTheSame")
  void whatStaysTheSameIsAskedForNoMoreOftenThanByTheClient(String name) throws Exception {
    asItsTwin(unreadable().get(name));
  }

  /** What is always answered like that ends, and is asked for, as by the client itself. */
  protected final void asItsTwin(Answer answer) throws Exception {
    always(answer);
    String bare = outcome(twin(Outgoing.chat(provider.url())));
    int asked = provider.requests().size();
    assertThat(outcome(Outgoing.chat(provider.url()))).isEqualTo(bare);
    assertThat(provider.requests()).hasSize(2 * asked);
  }

  private String outcome(Outgoing request) {
    try {
      Reply reply = client.send(request);
      return reply.status() + " " + reply.text() + reply.providersHeaders();
    } catch (Exception thrown) {
      return thrown.getClass().getName();
    }
  }
}
