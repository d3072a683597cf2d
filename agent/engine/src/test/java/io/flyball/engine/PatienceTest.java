package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.text;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.sdk.Sdk;
import io.flyball.wire.Bodies;
import io.flyball.wire.SdkAttempt;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** How often, and for how long, a call is repeated that its caller did not ask to be repeated. */
class PatienceTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final long MINUTE = 60 * SECOND;
  private static final String LIMITED =
      "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit_error\",\"code\":null}}";

  private static final String[] OPENAI = {
    "User-Agent", "OpenAIClientImpl/Java 4.100.0", "X-Stainless-Lang", "java",
    "X-Stainless-Retry-Count", "0", "X-Stainless-Timeout", "600",
    "X-Stainless-Read-Timeout", "600"
  };
  private static final String[] ANTHROPIC = {
    "User-Agent", "AnthropicClientImpl/Java 3.11.0", "X-Stainless-Lang", "java",
    "X-Stainless-Retry-Count", "0", "X-Stainless-Timeout", "600"
  };
  private static final String[] LANGCHAIN4J = {"User-Agent", "langchain4j-openai"};
  private static final String[] GENAI = {"User-Agent", "google-genai-sdk/1.70.0 gl-java/17"};
  private static final String[] RAW = {"User-Agent", "okhttp/4.12.0"};
  private static final String[][] CLIENTS = {OPENAI, ANTHROPIC, LANGCHAIN4J, GENAI, RAW};

  private RetrySettings settings = RetrySettings.usual(3).withTimeBeforeNext(10 * SECOND);
  private FallbackSettings fallback = FallbackSettings.NONE;

  private ReliabilityHarness harness() {
    return new ReliabilityHarness(
        Policies.builder()
            .timeouts(TimeoutSettings.OFF.withSilence(10 * MINUTE).withBegin(10 * MINUTE))
            .retry(
                settings,
                new Backoff(SECOND / 2, 20 * SECOND, () -> 1.0),
                new RetryBudget(0.2, 10, new ManualTime()))
            .fallback(fallback, new LastAnswers(1 << 20), (provider, host, model) -> 0)
            .suppressSdkRetries(true)
            .build());
  }

  private static String[] with(String[] headers, String... more) {
    String[] all = Arrays.copyOf(headers, headers.length + more.length);
    System.arraycopy(more, 0, all, headers.length, more.length);
    return all;
  }

  /** The same client with that one, where it says one. */
  private static String[] withTimeout(String[] headers, String seconds) {
    String name = "X-Stainless-Timeout";
    String[] all = headers.clone();
    int at = Arrays.asList(all).indexOf(name);
    if (at < 0) {
      return with(all, name, seconds);
    }
    all[at + 1] = seconds;
    return all;
  }

  /** When the call is over, in milliseconds, and how often it was sent. */
  private static final class Course {
    long millis;
    int sent;
    WireResponse answer;
  }

  private static Course run(ReliabilityHarness harness, String... headers) throws Exception {
    CompletableFuture<WireResponse> answer = harness.ask(headers);
    Course course = new Course();
    while (!answer.isDone() && course.millis < 1_000_000) {
      harness.clock.advanceMillis(10);
      course.millis += 10;
    }
    course.answer = answer.get();
    course.sent = harness.upstream.sent.size();
    assertThat(harness.errors.counts()).isEmpty();
    return course;
  }

  private static ReliabilityHarness always(
      ReliabilityHarness harness, int status, String... headers) {
    for (int i = 0; i < 20; i++) {
      harness.upstream.answers(status, LIMITED, headers);
    }
    return harness;
  }

  @Test
  void aRetryAfterHoldsTheCallerNoLongerThanItsSdkWould() throws Exception {
    Course openai = run(always(harness(), 429, "Retry-After", "30"), OPENAI);
    assertThat(openai.millis).isEqualTo(16_000);
    assertThat(openai.sent).isEqualTo(3);

    Course anthropic = run(always(harness(), 429, "Retry-After", "20"), ANTHROPIC);
    assertThat(anthropic.millis).isBetween(40_000L, 42_000L);
    assertThat(anthropic.sent).isEqualTo(3);

    Course anHour = run(always(harness(), 503, "Retry-After", "3600"), ANTHROPIC);
    assertThat(anHour.millis).isLessThanOrEqualTo(10);
    assertThat(anHour.sent).isEqualTo(1);

    Course raw = run(always(harness(), 429, "Retry-After", "60"), RAW);
    assertThat(raw.millis).isLessThanOrEqualTo(10);
    assertThat(raw.sent).isEqualTo(1);

    Course langchain4j = run(always(harness(), 429, "Retry-After", "30"), LANGCHAIN4J);
    assertThat(langchain4j.millis).isLessThan(2_000);
    assertThat(langchain4j.sent).isEqualTo(3);
  }

  /** An SDK reads no other header, nor the words of the error: it would be back after a second. */
  @Test
  void whatOnlyWeReadHoldsNoSdkForLong() throws Exception {
    String[][] hints = {
      {"x-ratelimit-remaining-requests", "0", "x-ratelimit-reset-requests", "1m0s"},
      {"anthropic-ratelimit-requests-reset", "2099-01-01T00:00:00Z"},
      {"retry-after-ms", "500", "Retry-After", "20"},
      {"Retry-After", "1", "x-ratelimit-reset-tokens", "30s"}
    };
    for (String[] hint : hints) {
      for (String[] client : new String[][] {OPENAI, ANTHROPIC, LANGCHAIN4J, GENAI}) {
        Course course = run(always(harness(), 429, hint), client);
        assertThat(course.millis).as(hint[0]).isLessThan(8_000);
      }
    }
  }

  @Property(tries = 200)
  void nobodyIsHeldForLongerThanItWouldHoldItself(
      @ForAll @IntRange(max = 4) int client,
      @ForAll @IntRange(max = 90) int retryAfter,
      @ForAll @IntRange(min = 1, max = 90) int timeout,
      @ForAll boolean overloaded)
      throws Exception {
    String[] headers = withTimeout(CLIENTS[client], String.valueOf(timeout));
    String[] answered =
        retryAfter == 0 ? new String[0] : new String[] {"Retry-After", "" + retryAfter};
    Course course = run(always(harness(), overloaded ? 503 : 429, answered), headers);

    Sdk sdk = Sdk.of(name -> valueOf(headers, name));
    int retries = sdk.usualRetries(false);
    long most = 0;
    for (int i = 0; i < retries; i++) {
      long asked = Math.min(retryAfter * SECOND, sdk.longestRetryAfterNanos());
      // Those of ours, which are the shorter ones, and a little so that a crowd spreads.
      most += Math.max(asked, SECOND / 2 << i) + asked / 10;
    }
    // A little is waited for also where the SDK would not look at it.
    most += sdk.longestRetryAfterNanos() < 5 * SECOND || retries == 0 ? 5 * SECOND : 0;
    most = Math.min(Math.min(most, 60 * SECOND), timeout * SECOND);
    assertThat(course.millis).isLessThanOrEqualTo(most / 1_000_000 + 10);
    assertThat(course.sent).isLessThanOrEqualTo(Math.max(3, retries + 1));
  }

  private static String valueOf(String[] headers, String name) {
    for (int i = 0; i < headers.length; i += 2) {
      if (headers[i].equalsIgnoreCase(name)) {
        return headers[i + 1];
      }
    }
    return null;
  }

  @Test
  void whatAnSdkWouldHaveGotByRepeatingItGets() throws Exception {
    for (String[] client : new String[][] {OPENAI, ANTHROPIC, LANGCHAIN4J, GENAI}) {
      int retries = Sdk.of(name -> valueOf(client, name)).usualRetries(false);
      for (int status : new int[] {429, 500, 503}) {
        ReliabilityHarness harness = harness();
        for (int i = 0; i < retries; i++) {
          harness.upstream.answers(status, LIMITED);
        }
        harness.upstream.answers(200, OK);
        assertThat(text(run(harness, client).answer)).isEqualTo(OK);
      }
    }
  }

  @Test
  void theBudgetOfAllCallsIsNoReasonNotToDoWhatTheSdkWould() throws Exception {
    ReliabilityHarness harness = harness();
    for (int i = 0; i < 40; i++) {
      harness.upstream.answers(503, LIMITED).answers(200, OK);
      assertThat(run(harness, OPENAI).answer.status()).isEqualTo(200);
    }
    settings = settings.withBudget();
    ReliabilityHarness limited = harness();
    int rescued = 0;
    for (int i = 0; i < 40; i++) {
      limited.upstream.forgetScript();
      limited.upstream.answers(503, LIMITED).answers(200, OK);
      rescued += run(limited, OPENAI).answer.status() == 200 ? 1 : 0;
    }
    assertThat(rescued).isBetween(8, 12);
  }

  @Test
  void anotherTargetIsAskedAtOnceInsteadOfWaitingLong() throws Exception {
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
    fallback =
        new FallbackSettings(
            Collections.singletonList(Link.to(backup)),
            Collections.<Target>emptyList(),
            EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)),
            null);
    for (String[] client : CLIENTS) {
      ReliabilityHarness harness = harness();
      harness.upstream.answers(429, LIMITED, "Retry-After", "60").answers(200, OK);
      Course course = run(harness, client);
      assertThat(course.millis).isLessThanOrEqualTo(10);
      assertThat(course.answer.headers().first("x-flyball-target")).isEqualTo("backup");

      ReliabilityHarness soon = harness();
      soon.upstream.answers(429, LIMITED, "Retry-After", "2").answers(200, OK);
      Course waited = run(soon, client);
      assertThat(waited.millis).isBetween(2_000L, 2_300L);
      assertThat(waited.answer.headers().first("x-flyball-target")).isEqualTo("api.openai.com");
    }
  }

  @Test
  void theProvidersAdviceIsTaken() throws Exception {
    for (String[] client : CLIENTS) {
      Course no = run(always(harness(), 503, "x-should-retry", "false"), client);
      assertThat(no.sent).isEqualTo(1);
    }
    ReliabilityHarness yes = harness();
    yes.upstream.answers(400, LIMITED, "x-should-retry", "true").answers(200, OK);
    assertThat(run(yes, OPENAI).answer.status()).isEqualTo(200);
  }

  @Test
  void whatTookLongIsNotRepeatedForWhoWouldNotRepeat() throws Exception {
    for (String[] client : CLIENTS) {
      ReliabilityHarness harness = harness();
      CompletableFuture<WireResponse> head = harness.upstream.answersLater();
      harness.upstream.answers(200, OK);
      CompletableFuture<WireResponse> answer = harness.ask(client);
      harness.clock.advance(55, TimeUnit.SECONDS);
      head.complete(
          ScriptedTransport.answer(503, "application/json", Bodies.of(LIMITED.getBytes(UTF_8))));
      harness.clock.advance(5, TimeUnit.SECONDS);
      assertThat(answer.get().status()).isEqualTo(client == RAW ? 503 : 200);
    }
  }

  @Test
  void whoSaysThatItNeverRepeatsIsNotHeld() throws Exception {
    for (String[] client : CLIENTS) {
      for (int retries : new int[] {0, 1, 4}) {
        ReliabilityHarness harness = always(harness(), 503);
        try (SdkAttempt attempt = harness.engine.beginSdkAttempt("any", retries)) {
          assertThat(attempt).isNotNull();
          Course course = run(harness, client);
          assertThat(course.sent).isEqualTo(retries + 1);
        }
      }
    }
    settings = settings.withAttempts(3);
    ReliabilityHarness asked = always(harness(), 503);
    try (SdkAttempt attempt = asked.engine.beginSdkAttempt("openai-java", 0)) {
      assertThat(attempt).isNotNull();
      assertThat(run(asked, OPENAI).sent).as("the user asks for it").isEqualTo(3);
    }
  }

  @Test
  void anSdkThatIsRepeatingAlreadyIsNotMultiplied() throws Exception {
    String[] second = OPENAI.clone();
    second[5] = "1";
    assertThat(run(always(harness(), 503), second).sent).isEqualTo(2);
    second[5] = "2";
    assertThat(run(always(harness(), 503), second).sent).isEqualTo(1);
  }

  @Test
  void aDeadConnectionIsRepeatedAsTheSdkWould() {
    ReliabilityHarness harness = harness();
    for (int i = 0; i < 9; i++) {
      harness.upstream.fails(new IOException("reset"));
    }
    CompletableFuture<WireResponse> answer = harness.ask(GENAI);
    harness.clock.advance(120, TimeUnit.SECONDS);
    assertThat(answer).isCompletedExceptionally();
    assertThat(harness.upstream.sent).hasSize(5);
  }
}
