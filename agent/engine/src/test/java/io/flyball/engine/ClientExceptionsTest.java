package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.breaker.BreakerStage;
import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.call.TimeSource;
import io.flyball.engine.capability.Place;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.WireResponse;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.HttpRetryException;
import java.net.MalformedURLException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.UnknownServiceException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is done about the exceptions that clients throw for an attempt, each in its own words. */
class ClientExceptionsTest {
  private static final long SECOND = 1_000_000_000;

  private final CircuitBreakers breakers = new CircuitBreakers(new ManualTime());

  private static Throwable caused(Throwable failure, Throwable cause) {
    return failure.initCause(cause);
  }

  private static Throwable thrownIn(String className, Throwable failure) {
    return thrownIn(failure, className);
  }

  /**
   * @param classNames of the stack, innermost first
   */
  private static Throwable thrownIn(Throwable failure, String... classNames) {
    failure.setStackTrace(
        Stream.of(classNames)
            .map(name -> new StackTraceElement(name, "check", "Source.java", 1))
            .toArray(StackTraceElement[]::new));
    return failure;
  }

  static Stream<Throwable> ofTheRequest() {
    return Stream.of(
        new ProtocolException("Too many follow-up requests: 21"),
        new ProtocolException("Server redirected too many  times (20)"),
        new ProtocolException("Server rejected operation"),
        thrownIn("com.example.Guard", new IOException("blocked")),
        thrownIn("com.example.Guard", caused(new IOException("blocked"), new EOFException())),
        caused(new IOException("closed"), thrownIn("com.example.Tokens", new IOException("down"))),
        thrownIn(
            new FileNotFoundException("no room for cookies"),
            "java.io.FileOutputStream",
            "com.example.Jar",
            "sun.net.www.http.HttpClient",
            "com.example.Caller"),
        new HttpRetryException("cannot retry due to redirection, in streaming mode", 307),
        new MalformedURLException("no protocol: elsewhere"),
        // As java.net.http tells it.
        caused(new IOException("shutdownNow"), new IOException("shutdownNow")),
        caused(
            new IOException("closed"),
            thrownIn(new IOException("closed"), "jdk.internal.net.http.HttpClientImpl")),
        new UnknownServiceException("CLEARTEXT communication not enabled for client"),
        new IllegalArgumentException("unexpected host"));
  }

  static Stream<Throwable> ofTls() {
    CertificateException expired = new CertificateExpiredException("NotAfter: yesterday");
    return Stream.of(
        caused(new SSLHandshakeException("PKIX path validation failed"), expired),
        // As java.net.http tells it.
        caused(
            new SSLHandshakeException("PKIX"), caused(new SSLHandshakeException("PKIX"), expired)),
        caused(new IOException("wrapped"), caused(new SSLException("x"), expired)),
        caused(
            new SSLHandshakeException("No subject alternative names matching IP address"),
            new CertificateException("No subject alternative names matching IP address")),
        new SSLPeerUnverifiedException("Hostname localhost not verified"),
        new SSLPeerUnverifiedException("Certificate pinning failure!"),
        new IOException("HTTPS hostname wrong:  should be <localhost>"),
        new SSLHandshakeException("Received fatal alert: handshake_failure"),
        new SSLHandshakeException("No appropriate protocol"));
  }

  static Stream<Throwable> ofTheProtocol() {
    return Stream.of(
        new ProtocolException("Unexpected status line: HTP/1.1 200"),
        new ProtocolException("HTTP 204 had non-zero Content-Length: 3"),
        new ProtocolException("Header size too big: 393217 > 393216"),
        // As java.net.http tells it.
        caused(
            new ProtocolException("Invalid status line: \"HTP/1.1 200 OK\""),
            new ProtocolException("Invalid status line: \"HTP/1.1 200 OK\"")),
        new IOException("Failed to authenticate with proxy"),
        // A proxy's no, as HttpURLConnection, java.net.http and OkHttp tell it.
        new IOException(
            "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 407 Proxy Authentication\""),
        caused(
            new IOException("Tunnel failed, got: 403"), new IOException("Tunnel failed, got: 403")),
        new IOException("Unexpected response code for CONNECT: 403"),
        new IOException("Unexpected response code for CONNECT: 511"),
        new SocketException("SOCKS : authentication failed"),
        new SocketException("SOCKS authentication failed"),
        new SocketException("SOCKS : No acceptable methods"),
        caused(
            new IOException("x"), new SocketException("SOCKS: Connection not allowed by ruleset")),
        new IOException("Illegal character in chunk size: 122"),
        caused(
            new IOException("Failed to select a proxy"),
            new IllegalArgumentException("protocol = http host = null")),
        caused(new IOException("closed"), new IOException("invalid chunk header")),
        new IOException("Bogus chunk size"),
        new IOException("Invalid Http response"),
        new IOException("Malformed tailer - format should be key:value"),
        new IOException("unexpected content length header with 204 response"),
        caused(
            new IOException("java.io.IOException: Invalid redirection"),
            new IOException("Invalid redirection")),
        // A line of the head that is longer than OkHttp takes, or than what is left of that.
        caused(
            new IOException("unexpected end of stream on http://localhost/..."),
            new EOFException("\\n not found: limit=262100 content=582d4c6f6e673a2078787878…")),
        caused(
            new IOException("unexpected end of stream on http://localhost/..."),
            new EOFException("\\n not found: limit=5 content=582d4c6f6e673a2078787878…")));
  }

  static Stream<Throwable> ofTheConnection() {
    return Stream.of(
        new ConnectException("Connection refused"),
        new UnknownHostException("api.openai.com"),
        new SocketException("Connection reset"),
        // What a proxy could not do, it may do later.
        new IOException(
            "Unable to tunnel through proxy. Proxy returns \"HTTP/1.1 503 Service Unavailable\""),
        new IOException("Unable to tunnel through proxy. Proxy returns \"null\""),
        new IOException("Tunnel failed, got: 502"),
        new IOException("Unexpected response code for CONNECT: 502"),
        new IOException("Unexpected response code for CONNECT: 429"),
        new SocketException("SOCKS: Host unreachable"),
        new SocketException("SOCKS server general failure"),
        new ProtocolException("unexpected end of stream"),
        new EOFException("\\n not found"),
        // A head that breaks off within a line.
        caused(
            new IOException("unexpected end of stream on http://localhost/..."),
            new EOFException("\\n not found: limit=9 content=582d466c7962616c6c…")),
        caused(
            new IOException("unexpected end of stream on http://localhost/..."),
            new EOFException("\\n not found: limit=0 content=…")),
        caused(
            new IOException("parsing HTTP/1.1 header, receiving [X-Fly...], parser state [HEADER]"),
            new EOFException("EOF reached while reading")),
        caused(new ProtocolException("protocol error"), new SocketException("Connection reset")),
        new IOException("Premature EOF"),
        thrownIn("io.flyball.instrumentation.Transport", new ProtocolException("it broke off")),
        thrownIn(
            new IOException("Stream closed"),
            "java.io.BufferedInputStream",
            "sun.net.www.MessageHeader",
            "com.example.Caller"),
        // Read from a socket that the application has made.
        thrownIn(new EOFException(), "java.io.DataInputStream", "com.example.Tunnel", "okio.Okio"),
        new SSLException("Unrecognized SSL message, plaintext connection?"),
        caused(
            new SSLHandshakeException("Remote host terminated the handshake"),
            new EOFException("SSL peer shut down incorrectly")),
        caused(new SSLHandshakeException("broken"), new SocketException("Connection reset")));
  }

  private Policies.Builder policies() {
    return Policies.builder()
        .stage(Place.BREAKER, new BreakerStage(breakers, TimeSource.SYSTEM))
        .retry(
            3,
            new Backoff(SECOND / 2, SECOND, () -> 1.0),
            new RetryBudget(1, 1000, new ManualTime()));
  }

  private static ReliabilityHarness chain(Policies.Builder policies) {
    Target backup =
        new Target(
            "backup",
            URI.create("https://backup.example/v1"),
            "openai",
            "m2",
            "backup-key",
            0,
            0,
            Collections.<String, String>emptyMap());
    return new ReliabilityHarness(
        policies
            .fallback(
                new FallbackSettings(
                    Collections.singletonList(Link.to(backup)),
                    Collections.<Target>emptyList(),
                    EnumSet.allOf(FallbackReason.class),
                    null),
                new LastAnswers(1 << 20),
                (provider, host, model) -> 100_000)
            .build());
  }

  private static void failsAtOnce(ReliabilityHarness harness, Throwable failure) {
    harness.upstream.fails(failure);
    assertThatThrownBy(() -> harness.ask().get(10, TimeUnit.SECONDS)).cause().isSameAs(failure);
    harness.records.clear();
  }

  @ParameterizedTest
  @MethodSource("ofTheRequest")
  void whatIsWrongWithTheRequestIsHandedOnAtOnceAlsoWithAChain(Throwable failure) {
    ReliabilityHarness alone = new ReliabilityHarness(policies().build());
    ReliabilityHarness chained = chain(policies());
    for (int i = 1; i <= 30; i++) {
      failsAtOnce(alone, failure);
      failsAtOnce(chained, failure);
      assertThat(alone.upstream.sent).hasSize(i);
      assertThat(chained.upstream.sent).hasSize(i);
    }
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);
  }

  @ParameterizedTest
  @MethodSource("ofTls")
  void whoIsNotTrustedIsNotAskedAgainButMayBeReplaced(Throwable failure) throws Exception {
    ReliabilityHarness alone = new ReliabilityHarness(policies().build());
    failsAtOnce(alone, failure);
    assertThat(alone.upstream.sent).hasSize(1);

    ReliabilityHarness chained = chain(policies());
    chained.upstream.fails(failure).answers(200, OK);
    WireResponse answer = chained.ask().get();
    assertThat(text(answer)).isEqualTo(OK);
    assertThat(answer.headers().first("x-flyball-target")).isEqualTo("backup");
    assertThat(chained.upstream.sent).hasSize(2);
    assertThat(chained.upstream.sent.get(1).headers().all("Authorization"))
        .containsExactly("Bearer backup-key");
    assertThat(chained.onlyRecord().journal().fallbackReason()).isEqualTo("error");

    ReliabilityHarness nobody = chain(policies());
    nobody.upstream.fails(failure).fails(new SSLPeerUnverifiedException("neither"));
    assertThatThrownBy(() -> nobody.ask().get()).cause().isSameAs(failure);
  }

  @ParameterizedTest
  @MethodSource("ofTheProtocol")
  void whatIsNoHttpIsNotAskedForAgainButMayBeReplaced(Throwable failure) throws Exception {
    ReliabilityHarness alone = new ReliabilityHarness(policies().build());
    for (int i = 1; i <= 30; i++) {
      failsAtOnce(alone, failure);
      assertThat(alone.upstream.sent).hasSize(i);
    }
    assertThat(breakers.states()).extracting(BreakerState::state).containsOnly(CircuitState.CLOSED);

    ReliabilityHarness chained = chain(policies());
    chained.upstream.fails(failure).answers(200, OK);
    assertThat(text(chained.ask().get())).isEqualTo(OK);
    assertThat(chained.upstream.sent).hasSize(2);
  }

  @ParameterizedTest
  @MethodSource("ofTheConnection")
  void aConnectionIsTriedAgainAndItsLastExceptionHandedOn(Throwable failure) {
    ReliabilityHarness harness = new ReliabilityHarness(policies().build());
    harness.upstream.fails(new IOException("1")).fails(new IOException("2")).fails(failure);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(60_000);
    assertThatThrownBy(answer::get).cause().isSameAs(failure);
    assertThat(harness.upstream.sent).hasSize(3);
    harness.records.clear();
    harness.upstream.fails(failure).answers(200, OK);
    CompletableFuture<WireResponse> rescued = harness.ask();
    harness.clock.advanceMillis(60_000);
    assertThat(rescued).isCompleted();
    assertThat(harness.upstream.sent).hasSize(5);
  }
}
