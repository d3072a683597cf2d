package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.TimeSource;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Bodies;
import io.flyball.wire.Cancellation;
import io.flyball.wire.Headers;
import io.flyball.wire.Transport;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whoever looks at the bytes of a request, to check a signature or to know it again, gets those of
 * the application; and whoever refuses others in whatever way is not given them for long.
 */
class ChangedRequestsTest {
  private static final String HOME = "https://models.example.test/v1/chat/completions";
  private static final String BODY =
      "{\"model\":\"gpt-4o-mini\",\"stream\":true,\"messages\":[{\"role\":\"user\","
          + "\"content\":\"Hi\"}]}";
  private static final String WHOLE = wholeStream("Hello");
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{"
          + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n";
  private static final long TWO_MINUTES = TimeUnit.MINUTES.toMillis(2);

  /** Of properties, a new one for each try. */
  private ReliabilityHarness harness = harness(1);

  private static ReliabilityHarness harness(int attempts) {
    return new ReliabilityHarness(
        Policies.builder()
            .limits(new Limiter(new ManualTime(), new ManualTime()), 0)
            .retry(
                RetrySettings.usual(attempts),
                new Backoff(1, 1, () -> 0),
                new RetryBudget(1, 1000, TimeSource.SYSTEM))
            .streamRecovery(StreamRecovery.SPLICE)
            .build());
  }

  /** Answers by what it is asked, as a server does; the script of the harness is not needed. */
  private abstract static class Server implements Transport {
    final List<WireRequest> sent = new ArrayList<>();

    abstract WireResponse answer(WireRequest request);

    @Override
    public CompletionStage<WireResponse> send(WireRequest request, Cancellation cancellation) {
      sent.add(request);
      return CompletableFuture.completedFuture(answer(request));
    }

    static boolean asks(WireRequest request) {
      return text(request).contains("include_usage");
    }

    static String text(WireRequest request) {
      return new String(request.body(), StandardCharsets.UTF_8);
    }

    static WireResponse says(int status, String body) {
      return answer(status, "application/json", body);
    }

    static WireResponse streams(String events) {
      return answer(200, "text/event-stream", events);
    }

    private static WireResponse answer(int status, String type, String body) {
      return WireResponse.received(
          status,
          Headers.of("Content-Type", type),
          Bodies.of(body.getBytes(StandardCharsets.UTF_8)),
          new Object());
    }
  }

  private static final class Taker extends Server {
    @Override
    WireResponse answer(WireRequest request) {
      return streams(chunk("Hello") + finish() + (asks(request) ? USAGE : "") + DONE);
    }
  }

  private WireResponse ask(Server server, String url, String... headers) throws Exception {
    return harness
        .callAt(url, BODY, headers)
        .executeAsync(server, Runnable::run)
        .toCompletableFuture()
        .get();
  }

  private long asked(Server server) {
    return server.sent.stream().filter(Server::asks).count();
  }

  @Property(tries = 300)
  void whatIsSignedOrKnownByAKeyIsNeverChanged(
      @ForAll("seals") String seal, @ForAll("addresses") String url) throws Exception {
    harness = harness(1);
    Taker server = new Taker();
    for (int i = 0; i < 3; i++) {
      String[] header = seal.split(": ");
      assertThat(text(ask(server, url, header[0], header[1]))).isEqualTo(WHOLE);
    }
    assertThat(server.sent).hasSize(3).extracting(Server::text).containsOnly(BODY);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Provide
  Arbitrary<String> addresses() {
    return Arbitraries.of(
        HOME,
        "https://api.openai.com/v1/chat/completions",
        "https://bedrock-runtime.us-west-2.amazonaws.com/openai/v1/chat/completions");
  }

  @Provide
  Arbitrary<String> seals() {
    Arbitrary<String> vendor = Arbitraries.of("", "X-", "x-acme-", "X-Hub-", "X-Amz-", "Acme.");
    Arbitrary<String> what = Arbitraries.of("", "Content-", "Body-", "Payload-", "Request-");
    Arbitrary<String> mark =
        Arbitraries.of(
            "Signature",
            "Signature-256",
            "signature-input",
            "Sig",
            "Sign",
            "HMAC",
            "hmac-sha256",
            "Digest",
            "MD5",
            "SHA256",
            "Sha-512",
            "Checksum",
            "checksum-crc32c",
            "Hash");
    Arbitrary<String> named = Combinators.combine(vendor, what, mark).as((a, b, c) -> a + b + c);
    Arbitrary<String> known =
        Arbitraries.of(
            "Repr-Digest",
            "X-TC-Signature",
            "XSignature",
            "bodyhash",
            "x-ms-content-sha256",
            "Idempotency-Key",
            "X-Idempotency-Key",
            "idempotency_key",
            "X-Idempotent-Token",
            "Repeatability-Request-ID",
            "X-Dedup-Id");
    Arbitrary<String> logins =
        Arbitraries.of(
            "AWS4-HMAC-SHA256 Credential=A/b/c, SignedHeaders=host, Signature=abc",
            "HMAC-SHA256 Credential=abc&SignedHeaders=x-ms-date&Signature=abc",
            "TC3-HMAC-SHA256 Credential=a/b/tc3_request, SignedHeaders=host, Signature=c",
            "hmac username=\"a\", algorithm=\"hmac-sha256\", headers=\"digest\", signature=\"b\"",
            "Signature keyId=\"a\",headers=\"(request-target) digest\",signature=\"b\"",
            "Digest username=\"a\", qop=auth-int, response=\"b\"",
            "Hawk id=\"a\", hash=\"b\", mac=\"c\"",
            "bce-auth-v1/a/2026-01-01T00:00:00Z/1800/host/b",
            "OAuth oauth_body_hash=\"a\", oauth_signature=\"b\"");
    return Arbitraries.oneOf(
        Arbitraries.oneOf(named, known).map(name -> name + ": abc"),
        Combinators.combine(Arbitraries.of("Authorization", "X-Authorization"), logins)
            .as((name, value) -> name + ": " + value));
  }

  @Test
  void anAddressThatIsSignedIsOfThatBody() throws Exception {
    Taker server = new Taker();
    for (int i = 0; i < 3; i++) {
      text(ask(server, HOME + "?X-Amz-Signature=abc"));
    }
    assertThat(asked(server)).isZero();
  }

  /** What every request has, or many, says nothing of its body. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization: Bearer sk-abc",
        "Authorization: Basic c2lnbjptYWM=",
        "Authorization: sk-signature-like",
        "api-key: signature",
        "X-Api-Key: abc",
        "x-goog-api-key: abc",
        "OpenAI-Organization: signals",
        "User-Agent: OpenAI/Java 4.0.0",
        "X-Stainless-Package-Version: 4.0.0",
        "X-Stainless-Retry-Count: 0",
        "X-Request-Id: abc",
        "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "Cookie: signature=abc",
        "Accept-Signature: sig1=()",
        "Want-Content-Digest: sha-256=3",
        "X-Assigned-To: me",
        "X-Machine: a",
        "x-ms-useragent: azsdk"
      })
  void whatSaysNothingOfItsBodyIsAskedFor(String header) throws Exception {
    Taker server = new Taker();
    String[] parts = header.split(": ");
    text(ask(server, HOME, parts[0], parts[1]));
    text(ask(server, HOME, parts[0], parts[1]));
    assertThat(asked(server)).isEqualTo(1);
  }

  /** With whatever status, an hour or a day later. */
  @Property(tries = 200)
  void whoRefusesWhatIsChangedAnswersTheApplicationAndIsNotAskedForLong(
      @ForAll @IntRange(min = 400, max = 599) int status,
      @ForAll("refusals") String refusal,
      @ForAll @IntRange(min = 1, max = 90) int minutes)
      throws Exception {
    harness = harness(1);
    Server server =
        new Server() {
          @Override
          WireResponse answer(WireRequest request) {
            return asks(request) ? says(status, refusal) : streams(WHOLE);
          }
        };
    for (int i = 0; i < 40; i++) {
      assertThat(text(ask(server, HOME))).isEqualTo(WHOLE);
      harness.clock.advanceMillis(TimeUnit.MINUTES.toMillis(minutes));
    }
    assertThat(asked(server)).isBetween(1L, 2L);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Provide
  Arbitrary<String> refusals() {
    return Arbitraries.of(
        "",
        "{\"error\":{\"message\":\"x\"}}",
        "{\"message\":\"The request signature we calculated does not match.\"}",
        "{\"error\":{\"message\":\"No.\",\"code\":\"invalid_api_key\"}}",
        "{\"error\":{\"message\":\"No.\",\"type\":\"rate_limit_error\"}}",
        "<html>blocked</html>");
  }

  /** Wrong keys and limits are what they are: one request more, and only where nobody knows. */
  @Property(tries = 100)
  void whatFailsByItselfIsNotSentTwice(
      @ForAll @IntRange(min = 400, max = 599) int status, @ForAll boolean takenBefore)
      throws Exception {
    harness = harness(1);
    Taker taker = new Taker();
    Server server =
        new Server() {
          @Override
          WireResponse answer(WireRequest request) {
            return says(status, "{\"error\":{\"message\":\"x\"}}");
          }
        };
    text(ask(taker, HOME));
    if (takenBefore) {
      text(ask(taker, HOME));
      assertThat(asked(taker)).isEqualTo(1);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(ask(server, HOME).status()).isEqualTo(status);
      harness.clock.advanceMillis(TWO_MINUTES);
    }
    assertThat(server.sent.size()).isBetween(20, 21);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 403, 409, 413, 429, 503})
  void whereTheFieldIsTakenAStatusMeansWhatItSays(int status) throws Exception {
    Taker taker = new Taker();
    text(ask(taker, HOME));
    text(ask(taker, HOME));
    Server server =
        new Server() {
          @Override
          WireResponse answer(WireRequest request) {
            return says(status, "{\"error\":{\"message\":\"x\"}}");
          }
        };
    assertThat(ask(server, HOME).status()).isEqualTo(status);
    assertThat(server.sent).hasSize(1);
    assertThat(asked(server)).isEqualTo(1);
  }

  /** One user's key says nothing of another's. */
  @Test
  void whoTakesTheFieldForOneMayRefuseItForAnother() throws Exception {
    Server server =
        new Server() {
          @Override
          WireResponse answer(WireRequest request) {
            boolean other = "Bearer other".equals(request.headers().first("Authorization"));
            return other && asks(request)
                ? says(403, "{}")
                : streams(chunk("Hello") + finish() + (asks(request) ? USAGE : "") + DONE);
          }
        };
    text(ask(server, HOME));
    text(ask(server, HOME));
    assertThat(asked(server)).isEqualTo(1);
    assertThat(text(ask(server, HOME, "Authorization", "Bearer other"))).isEqualTo(WHOLE);
    assertThat(asked(server)).isEqualTo(2);
  }

  /** Somebody who has thought about it for a minute is not asked to do so twice. */
  @Test
  void aFailureThatTookLongIsHandedOnAndTheNextRequestIsTheApplications() throws Exception {
    text(ask(new Taker(), HOME));
    Server slow =
        new Server() {
          @Override
          WireResponse answer(WireRequest request) {
            harness.clock.advanceMillis(60_000);
            return says(504, "{}");
          }
        };
    assertThat(ask(slow, HOME).status()).isEqualTo(504);
    assertThat(ask(slow, HOME).status()).isEqualTo(504);
    assertThat(slow.sent).hasSize(2);
    assertThat(asked(slow)).isEqualTo(1);
  }

  /**
   * A server that knows requests again refuses another body under the same key. Where we know the
   * key's name no call fails; where not it is learnt, and stays learnt.
   */
  @ParameterizedTest
  @CsvSource({
    "Idempotency-Key, 422, 0",
    "Idempotency-Key, 409, 0",
    "X-Idempotency-Key, 422, 0",
    "X-Order-Number, 422, 3",
    "X-Order-Number, 409, 3"
  })
  void aKeyStandsForOneBody(String name, int status, int mostFailures) throws Exception {
    Map<String, String> known = new HashMap<>();
    Server server =
        new Server() {
          @Override
          WireResponse answer(WireRequest request) {
            String before = known.putIfAbsent(request.headers().first(name), text(request));
            if (before != null && !before.equals(text(request))) {
              return says(status, "{\"error\":{\"message\":\"key used for another request\"}}");
            }
            return asks(request)
                ? says(400, "{\"error\":{\"message\":\"unknown field stream_options\"}}")
                : streams(WHOLE);
          }
        };
    int failures = 0;
    for (int i = 0; i < 100; i++) {
      // Read to its end: only then is it known that nothing is reported unasked.
      failures += text(ask(server, HOME, name, "order-" + i)).equals(WHOLE) ? 0 : 1;
      harness.clock.advanceMillis(TWO_MINUTES);
    }
    assertThat(failures).isLessThanOrEqualTo(mostFailures);
  }

  /** Every attempt under a key is the same, also the one that a stream goes on with. */
  @Test
  void whatIsAskedAgainUnderAKeyIsTheSame() throws Exception {
    ReliabilityHarness repeating = harness(3).atHomeBefore();
    repeating.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    text(repeating.askStreamAtHome().get());
    repeating.upstream.answers(500, "{}").streams(chunk("Hello"), new IOException("reset"));
    repeating.upstream.streams(WHOLE, null);
    repeating.upstream.sent.clear();
    CompletableFuture<WireResponse> answer =
        repeating
            .callAt(HOME, BODY, "Idempotency-Key", "one")
            .executeAsync(repeating.upstream, Runnable::run)
            .toCompletableFuture();
    repeating.clock.advanceMillis(10_000);
    assertThat(text(answer.get())).isEqualTo(WHOLE);
    assertThat(repeating.upstream.sent).hasSize(3).extracting(Server::text).containsOnly(BODY);
  }
}
