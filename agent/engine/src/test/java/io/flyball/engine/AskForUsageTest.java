package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.limit.LimitScope;
import io.flyball.engine.limit.LimitSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.limit.Limits;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.time.ManualTime;
import io.flyball.protocol.Usage;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What Flyball adds to a request is undone where it is what the provider will not have. */
class AskForUsageTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String WHOLE = wholeStream("Hello");
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{"
          + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n";
  private static final String GENERIC = "{\"error\":{\"message\":\"Bad request\",\"code\":null}}";
  private static final String TOO_LONG =
      "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\","
          + "\"type\":\"invalid_request_error\",\"param\":\"messages\","
          + "\"code\":\"context_length_exceeded\"}}";

  private static ReliabilityHarness governed(int attempts) {
    return new ReliabilityHarness(policies(attempts).build());
  }

  /** Always with a limiter, as in the agent, whether or not anything is limited. */
  private static Policies.Builder policies(int attempts) {
    return Policies.builder()
        .limits(new Limiter(new ManualTime(), new ManualTime()), 0)
        .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
        .retry(
            attempts,
            new Backoff(SECOND / 2, SECOND, () -> 1.0),
            new RetryBudget(0.2, 100, new ManualTime()))
        .streamRecovery(StreamRecovery.SPLICE);
  }

  private static String body(ReliabilityHarness harness, int index) {
    return new String(harness.upstream.sent.get(index).body(), StandardCharsets.UTF_8);
  }

  private static void assertAsked(ReliabilityHarness harness, boolean... asked) {
    assertThat(harness.upstream.sent).hasSize(asked.length);
    for (int i = 0; i < asked.length; i++) {
      assertThat(body(harness, i).contains("include_usage"))
          .as("request %s", i + 1)
          .isEqualTo(asked[i]);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 404, 406, 415, 422, 500, 501})
  void whatMayBeAboutTheFieldIsAskedWithoutItOnceAndRemembered(int status) throws Exception {
    ReliabilityHarness harness = governed(1);
    harness.upstream.answers(status, GENERIC).streams(WHOLE, null).streams(WHOLE, null);

    WireResponse first = harness.askStream().get();
    WireResponse second = harness.askStream().get();

    assertThat(text(first)).isEqualTo(WHOLE);
    assertThat(text(second)).isEqualTo(WHOLE);
    assertAsked(harness, true, false, false);
    assertThat(harness.records.get(0).outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(harness.errors.counts()).isEmpty();
  }

  /** The client's timeout ends the stream in our hands, and then nothing more can be sent. */
  @Test
  void whatCameBeforeTheClientGaveUpIsHandedOn() throws Exception {
    ReliabilityHarness harness = governed(1);
    harness.upstream.streams(": ping\n\n", new IOException("Socket closed"));
    harness.upstream.fails(new CancellationException("cancelled by the application"));
    WireResponse answer = harness.askStream().get();
    assertThat(answer.status()).isEqualTo(200);
    assertThatThrownBy(() -> text(answer)).hasStackTraceContaining("Socket closed");
  }

  @Test
  void anAnswerThatIsAboutSomethingElseIsHandedOnAsItCame() throws Exception {
    String[] others = {
      TOO_LONG,
      "{\"error\":{\"message\":\"x\",\"code\":\"insufficient_quota\"}}",
      "{\"error\":{\"message\":\"x\",\"code\":\"content_policy_violation\"}}",
      "{\"error\":{\"message\":\"x\",\"code\":\"invalid_api_key\"}}",
      "{\"error\":{\"message\":\"x\",\"type\":\"rate_limit_error\"}}",
      "{\"error\":{\"message\":\"Invalid 'temperature': too high\",\"param\":\"temperature\"}}",
      "{\"detail\":[{\"loc\":[\"body\",\"messages\"],\"msg\":\"field required\"}]}",
      "prompt is too long: 9 tokens"
    };
    for (String other : others) {
      ReliabilityHarness harness = governed(1);
      harness.upstream.answers(400, other, "X-Request-Id", "r1");
      WireResponse answer = harness.askStream().get();
      assertThat(answer.status()).isEqualTo(400);
      assertThat(answer.headers().first("X-Request-Id")).isEqualTo("r1");
      assertThat(text(answer)).isEqualTo(other);
      assertAsked(harness, true);
      assertThat(harness.errors.counts()).isEmpty();
    }
  }

  @Test
  void aModelThatIsNotThereIsNotLookedForTwice() throws Exception {
    ReliabilityHarness harness = governed(3);
    harness.upstream.answers(404, "{\"error\":{\"message\":\"x\",\"code\":\"model_not_found\"}}");
    assertThat(harness.askStream().get().status()).isEqualTo(404);
    assertAsked(harness, true);
  }

  @Test
  void theAnswerToTheApplicationsOwnRequestCounts() throws Exception {
    ReliabilityHarness harness = governed(3);
    harness.upstream.answers(400, GENERIC).answers(400, TOO_LONG, "X-Request-Id", "r2");
    WireResponse answer = harness.askStream().get();
    assertThat(text(answer)).isEqualTo(TOO_LONG);
    assertThat(answer.headers().first("X-Request-Id")).isEqualTo("r2");
    assertAsked(harness, true, false);
  }

  @Test
  void aRefusalThatIsCompressedIsRead() throws Exception {
    ReliabilityHarness harness = governed(1);
    harness
        .upstream
        .answers(400, gzip(TOO_LONG), "Content-Encoding", "gzip")
        .answers(400, gzip(GENERIC), "Content-Encoding", "gzip")
        .streams(WHOLE, null);
    harness.askStream().get();
    assertAsked(harness, true);
    assertThat(text(harness.askStream().get())).isEqualTo(WHOLE);
    assertAsked(harness, true, true, false);
  }

  @Test
  void aStreamThatEndsOrBreaksOffBeforeItsContentIsAskedWithoutTheField() throws Exception {
    Object[][] streams = {
      {null},
      {": hi\n\n", null},
      {new SocketException("Connection reset")},
      {chunk(""), new IOException("unexpected end of stream")}
    };
    for (Object[] stream : streams) {
      ReliabilityHarness harness = governed(1);
      harness.upstream.streams(stream).streams(WHOLE, null).streams(WHOLE, null);
      assertThat(text(harness.askStream().get())).isEqualTo(WHOLE);
      text(harness.askStream().get());
      assertAsked(harness, true, false, false);
    }
  }

  @Test
  void aConnectionThatBreaksOffBeforeTheAnswerIsTriedWithoutTheField() throws Exception {
    ReliabilityHarness harness = governed(1);
    harness.upstream.fails(new SocketException("Connection reset")).streams(WHOLE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(WHOLE);
    assertAsked(harness, true, false);
  }

  @Test
  void whoWasNotReachedOrWasSilentHasNotRefusedAnything() {
    for (Exception failure :
        new Exception[] {new ConnectException("refused"), new SocketTimeoutException("read")}) {
      ReliabilityHarness harness = governed(1);
      harness.upstream.fails(failure);
      assertThatThrownBy(() -> harness.askStream().get()).hasCause(failure);
      assertAsked(harness, true);
    }
  }

  @Test
  void anErrorEventThatNamesTheFieldIsARefusal() throws Exception {
    ReliabilityHarness harness = governed(1);
    String refusal = "data: {\"error\":{\"message\":\"Unknown parameter: stream_options\"}}\n\n";
    harness.upstream.streams(refusal, null).streams(WHOLE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(WHOLE);
    assertAsked(harness, true, false);
  }

  @Test
  void aServerThatFailsGetsOneRequestMoreAndNotOneForEveryAttempt() throws Exception {
    ReliabilityHarness harness = governed(3);
    for (int i = 0; i < 4; i++) {
      harness.upstream.answers(500, "{}");
    }
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(20_000);
    assertThat(answer.get().status()).isEqualTo(500);
    assertAsked(harness, true, false, false, false);
  }

  @Test
  void whoHasTakenTheFieldBeforeFailsForAnotherReason() throws Exception {
    ReliabilityHarness harness = governed(3);
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(chunk("Hi") + finish() + DONE);
    harness.upstream.answers(500, "{}").streams(WHOLE, null);
    assertThat(text(harness.askStream().get())).isEqualTo(WHOLE);
    // It was a chance, or it no longer takes the field: that is seen again in a minute.
    harness.upstream.streams(WHOLE, null);
    text(harness.askStream().get());
    harness.clock.advanceMillis(60_000);
    harness.upstream.streams(WHOLE, null);
    text(harness.askStream().get());
    assertAsked(harness, true, true, false, false, true);
  }

  /** What a server nobody knows says may be any of its words, also the wrong ones. */
  @Property(tries = 300)
  void whoRefusesTheFieldByWhateverWordsAnswersTheApplication(
      @ForAll("refusingStatuses") int status, @ForAll("refusingBodies") String refusal)
      throws Exception {
    ReliabilityHarness harness = governed(3).atHomeBefore();
    harness.upstream.answers(status, refusal).streams(WHOLE, null).streams(WHOLE, null);
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(WHOLE);
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(WHOLE);
    assertAsked(harness, true, false, false);
  }

  @Provide
  Arbitrary<Integer> refusingStatuses() {
    return Arbitraries.of(400, 404, 406, 415, 422, 500, 501);
  }

  @Provide
  Arbitrary<String> refusingBodies() {
    return Arbitraries.of(
        GENERIC,
        TOO_LONG,
        "",
        "upstream connect error",
        "<html>nginx</html>",
        "{\"error\":{\"message\":\"No.\",\"code\":\"insufficient_quota\"}}",
        "{\"error\":{\"code\":400,\"message\":\"No.\",\"status\":\"RESOURCE_EXHAUSTED\"}}",
        "{\"error\":{\"message\":\"No.\",\"code\":\"model_not_found\"}}",
        // With what it has cost to say so.
        "{\"error\":{\"message\":\"stream_options is not supported\"},\"usage\":{"
            + "\"prompt_tokens\":5,\"completion_tokens\":0,\"total_tokens\":5}}",
        "{\"error\":\"no\",\"usage\":{\"prompt_tokens\":5,\"completion_tokens\":3}}",
        "{\"error\":{\"message\":\"Invalid 'temperature'\",\"param\":\"temperature\"}}",
        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"No.\"}}");
  }

  @Test
  void aFieldThatIsRefusedAtALaterAttemptOnlyIsTakenOutThere() throws Exception {
    ReliabilityHarness harness = governed(3);
    harness.upstream.answers(503, "{}").answers(415, GENERIC).streams(WHOLE, null);
    CompletableFuture<WireResponse> answer = harness.askStream();
    harness.clock.advanceMillis(20_000);
    assertThat(text(answer.get())).isEqualTo(WHOLE);
    assertAsked(harness, true, true, false);
  }

  @Test
  void whatIsWrongByItselfIsNotSentTwiceForEver() throws Exception {
    ReliabilityHarness harness = governed(1).atHomeBefore();
    for (int i = 0; i < 7; i++) {
      harness.upstream.answers(400, TOO_LONG);
    }
    for (int i = 0; i < 3; i++) {
      assertThat(text(harness.askStreamAtHome().get())).isEqualTo(TOO_LONG);
    }
    assertAsked(harness, true, false, false, false);
    // However long: only a good one shows that it was the request.
    harness.clock.advanceMillis(TimeUnit.DAYS.toMillis(1));
    harness.askStreamAtHome().get();
    assertAsked(harness, true, false, false, false, false);
    harness.upstream.forgetScript();
    harness.upstream.streams(WHOLE, null).streams(chunk("Hi"), finish(), USAGE, DONE, null);
    text(harness.askStreamAtHome().get());
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(chunk("Hi") + finish() + DONE);
    assertAsked(harness, true, false, false, false, false, false, true);
  }

  @Test
  void whoHasTakenTheFieldRefusesOtherThingsByTheSameNameWithOneRequestEach() throws Exception {
    ReliabilityHarness harness = governed(1).atHomeBefore();
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    text(harness.askStreamAtHome().get());
    harness.upstream.answers(400, TOO_LONG).answers(400, TOO_LONG).answers(400, TOO_LONG);
    harness.askStreamAtHome().get();
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(TOO_LONG);
    assertAsked(harness, true, true, false, true);
    harness.upstream.streams(WHOLE, null);
    text(harness.askStreamAtHome().get());
    assertAsked(harness, true, true, false, true, true);
  }

  /**
   * A server of somebody's own reports usage unasked for some models, and for some by ways of its
   * own to ask: whatever it is asked, the application sees all that it would have seen.
   */
  @Property(tries = 200)
  void anEventThatWouldHaveComeUnaskedIsNeverHidden(@ForAll("calls") List<HomeCall> calls)
      throws Exception {
    ReliabilityHarness harness = governed(1);
    for (HomeCall call : calls) {
      harness.upstream.streamsFor(
          request ->
              call.reportsUnasked() || asks(request)
                  ? chunk("Hi") + finish() + USAGE + DONE
                  : chunk("Hi") + finish() + DONE);
      WireResponse answer =
          harness
              .callAt(call.url(), call.body())
              .executeAsync(harness.upstream, Runnable::run)
              .toCompletableFuture()
              .get();
      assertThat(text(answer))
          .isEqualTo(chunk("Hi") + finish() + (call.reportsUnasked() ? USAGE : "") + DONE);
    }
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static boolean asks(WireRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8).contains("\"include_usage\":true");
  }

  @Provide
  Arbitrary<List<HomeCall>> calls() {
    return Combinators.combine(
            Arbitraries.of("quiet", "talkative"),
            Arbitraries.of(
                "",
                ",\"temperature\":1",
                ",\"usage\":{\"include\":true}",
                ",\"include_usage\":true ",
                ",\"stream_options\":{\"continuous_usage_stats\":true}",
                ",\"verbose\":true",
                ",\"verbose\":false",
                ",\"reporting\":{\"tokens\":1}"),
            Arbitraries.of("", "?report=1"))
        .as(HomeCall::new)
        .list()
        .ofMinSize(3)
        .ofMaxSize(12);
  }

  /** A stream of a server whose models differ. */
  static final class HomeCall {
    private final String model;
    private final String fields;
    private final String query;

    HomeCall(String model, String fields, String query) {
      this.model = model;
      this.fields = fields;
      this.query = query;
    }

    String url() {
      return "https://models.example.test/v1/chat/completions" + query;
    }

    String body() {
      return "{\"model\":\"" + model + "\",\"stream\":true" + fields + ",\"messages\":[]}";
    }

    /** All of these fields and that query are ways to ask for it. */
    boolean reportsUnasked() {
      boolean asksSomehow = !fields.isEmpty() && !fields.matches(".*(temperature|false).*");
      return model.equals("talkative") || asksSomehow || !query.isEmpty();
    }

    @Override
    public String toString() {
      return url() + ' ' + body();
    }
  }

  @Test
  void whoReportsNothingUnaskedIsAskedFromThenOn() throws Exception {
    ReliabilityHarness harness = governed(1);
    harness.upstream.streams(WHOLE, null);
    WireResponse open = harness.askStreamAtHome().get();
    harness.upstream.streams(chunk("Hi"), chunk("there"), null);
    WireResponse left = harness.askStreamAtHome().get();
    left.body().read();
    left.body().close();
    assertThat(text(open)).isEqualTo(WHOLE);
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(chunk("Hi") + finish() + DONE);
    assertAsked(harness, false, false, true);
    assertThat(harness.records.get(2).attempts().get(0).usage().source())
        .isEqualTo(Usage.Source.REPORTED);
  }

  /** That somebody looks on for it does not make an answer of what is none. */
  @Test
  void whoFailsBeforeThatIsKnownIsAskedAgainAsEver() throws Exception {
    ReliabilityHarness harness = governed(3);
    harness.upstream.answers(503, "{}").streams(": hi\n\n", null).streams(WHOLE, null);
    CompletableFuture<WireResponse> answer = harness.askStreamAtHome();
    harness.clock.advanceMillis(20_000);
    assertThat(text(answer.get())).isEqualTo(WHOLE);
    assertAsked(harness, false, false, false);
  }

  /** What a budget or a limit of tokens counts is asked for, whoever may report it anyway. */
  @Test
  void whereTokensAreCountedUsageIsAskedForAtOnce() throws Exception {
    Limiter limiter = new Limiter(new ManualTime(), new ManualTime());
    limiter.configure(
        new LimitSettings(
            Collections.singletonMap(
                LimitScope.GLOBAL, new Limits(Limits.UNLIMITED, Limits.UNLIMITED, 1_000_000)),
            Collections.<String, Limits>emptyMap(),
            false));
    ReliabilityHarness harness = new ReliabilityHarness(policies(1).limits(limiter, 0).build());
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(chunk("Hi") + finish() + DONE);
    assertAsked(harness, true);
  }

  @Test
  void whoIsKnownIsAskedAlways() throws Exception {
    ReliabilityHarness harness = governed(1);
    for (int i = 0; i < 3; i++) {
      harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
      text(harness.askStream().get());
    }
    assertAsked(harness, true, true, true);
  }

  @Test
  void anErrorEventWithoutKnownWordsIsUndoneWhereTheFieldWasNeverTaken() throws Exception {
    ReliabilityHarness harness = governed(1).atHomeBefore();
    harness.upstream.streams("data: " + GENERIC + "\n\n", null).streams(WHOLE, null);
    assertThat(text(harness.askStreamAtHome().get())).isEqualTo(WHOLE);
    assertAsked(harness, true, false);
  }

  @Test
  void aStatusThatFindsFaultWithTheRequestIsNotAskedAgainWhateverItIsCalled() throws Exception {
    ReliabilityHarness harness = governed(3);
    String limit = "{\"error\":{\"code\":400,\"status\":\"RESOURCE_EXHAUSTED\"}}";
    harness.upstream.answers(400, limit);
    CompletableFuture<WireResponse> answer = harness.ask();
    assertThat(text(answer.get())).isEqualTo(limit);
    harness.upstream.answers(400, limit, "Retry-After", "1").answers(200, "{\"choices\":[{}]}");
    CompletableFuture<WireResponse> told = harness.ask();
    harness.clock.advanceMillis(2_000);
    assertThat(told.get().status()).isEqualTo(200);
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void anAnswerThatCannotHaveABodyIsAskedForOnce() throws Exception {
    ReliabilityHarness harness = governed(3).atHomeBefore();
    harness.upstream.answers(204, "").answers(204, "");
    assertThat(harness.ask().get().status()).isEqualTo(204);
    assertThat(harness.askStreamAtHome().get().status()).isEqualTo(204);
    assertThat(harness.upstream.sent).hasSize(2);
  }

  @Test
  void aFailureOfTheServerIsBelievedForAnHour() throws Exception {
    ReliabilityHarness harness = governed(1);
    harness.upstream.answers(500, "{}").streams(WHOLE, null).streams(WHOLE, null);
    text(harness.askStream().get());
    harness.clock.advanceMillis(TimeUnit.HOURS.toMillis(1) + 1);
    text(harness.askStream().get());
    assertAsked(harness, true, false, true);
  }

  @Test
  void anEmptyAnswerThatIsNoStreamIsNoRefusal() throws Exception {
    ReliabilityHarness harness = governed(1);
    harness.upstream.answers(202, "");
    assertThat(harness.askStream().get().status()).isEqualTo(202);
    assertAsked(harness, true);
  }

  @Test
  void itCanBeSwitchedOff() throws Exception {
    ReliabilityHarness harness = new ReliabilityHarness(policies(1).asksForUsage(false).build());
    harness.upstream.streams(WHOLE, null);
    text(harness.askStream().get());
    assertAsked(harness, false);
  }

  /** Whatever is refused, the application gets an answer to its own request, byte for byte. */
  @Property(tries = 300)
  void anyErrorReachesTheApplicationAsItCame(
      @ForAll("statuses") int status,
      @ForAll("errorBodies") String first,
      @ForAll("errorBodies") String second,
      @ForAll boolean zipped)
      throws Exception {
    ReliabilityHarness harness = governed(1);
    answer(harness, status, first, zipped);
    answer(harness, status, second, zipped);
    WireResponse answer = harness.askStream().get();
    int sent = harness.upstream.sent.size();
    assertThat(sent).isBetween(1, 2);
    assertThat(answer.status()).isEqualTo(status);
    String last = sent == 1 ? first : second;
    assertThat(bytes(answer)).isEqualTo(zipped ? gzip(last) : latin(last));
    assertThat(harness.errors.counts()).isEmpty();
    assertThat(harness.records).hasSize(1);
    if (first.contains("stream_options") && status != 429 && status != 503) {
      assertThat(sent).isEqualTo(2);
    }
  }

  private static void answer(ReliabilityHarness harness, int status, String body, boolean zipped) {
    if (zipped) {
      harness.upstream.answers(status, gzip(body), "Content-Encoding", "gzip");
    } else {
      harness.upstream.answers(status, latin(body));
    }
  }

  @Provide
  Arbitrary<Integer> statuses() {
    return Arbitraries.of(400, 401, 403, 404, 405, 415, 422, 429, 500, 501, 502, 503);
  }

  @Provide
  Arbitrary<String> errorBodies() {
    return Arbitraries.oneOf(
        Arbitraries.of(
            TOO_LONG,
            GENERIC,
            "",
            "<html>no</html>",
            "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\"}}",
            "{\"detail\":[{\"loc\":[\"body\",\"stream_options\"],\"type\":\"extra_forbidden\"}]}",
            "data: {\"error\":\"stream_options\"}\n\n",
            "{\"error\":"),
        Arbitraries.strings().ascii().ofMaxLength(60));
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  static byte[] gzip(String text) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (GZIPOutputStream zip = new GZIPOutputStream(all)) {
      zip.write(latin(text));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toByteArray();
  }

  private static byte[] bytes(WireResponse response) throws IOException {
    return ReliabilityHarness.bytes(response);
  }
}
