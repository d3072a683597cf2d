package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.breaker.BreakerState;
import io.flyball.engine.breaker.CircuitBreakers;
import io.flyball.engine.breaker.CircuitState;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.engine.wire.WireResponse;
import java.io.EOFException;
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
    failure.setStackTrace(
        new StackTraceElement[] {new StackTraceElement(className, "check", "Source.java", 1)});
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
        new HttpRetryException("cannot retry due to redirection, in streaming mode", 307),
        new MalformedURLException("no protocol: elsewhere"),
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

  static Stream<Throwable> ofTheConnection() {
    return Stream.of(
        new ConnectException("Connection refused"),
        new UnknownHostException("api.openai.com"),
        new SocketException("Connection reset"),
        new ProtocolException("unexpected end of stream"),
        new ProtocolException("Unexpected status line: HTP/1.1 200"),
        new ProtocolException("HTTP 204 had non-zero Content-Length: 3"),
        new EOFException("\\n not found"),
        new SSLException("Unrecognized SSL message, plaintext connection?"),
        caused(
            new SSLHandshakeException("Remote host terminated the handshake"),
            new EOFException("SSL peer shut down incorrectly")),
        caused(new SSLHandshakeException("broken"), new SocketException("Connection reset")));
  }

  private Policies.Builder policies() {
    return Policies.builder()
        .breakers(breakers)
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
    assertThatThrownBy(() -> harness.ask().get()).cause().isSameAs(failure);
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
