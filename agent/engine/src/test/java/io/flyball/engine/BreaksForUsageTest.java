package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.limit.Limiter;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.retry.Backoff;
import io.flyball.engine.retry.RetryBudget;
import io.flyball.engine.retry.RetrySettings;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** A server that begins as ever and breaks off because it was asked to report usage. */
class BreaksForUsageTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String[] WORDS = {"One ", "two ", "three ", "four"};
  private static final String WHOLE = wholeStream(WORDS);
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"choices\":[],\"usage\":{"
          + "\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}\n\n";
  private static final String REFUSAL =
      "{\"error\":{\"message\":\"Unknown field: stream_options\"}}";
  private static final String JSON =
      "{\"id\":\"c1\",\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{"
          + "\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],"
          + "\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,\"total_tokens\":10}}";

  /** How it breaks off. */
  enum Break {
    RESET,
    HALF_AN_EVENT,
    ERROR_EVENT,
    ERROR_AS_A_REASON
  }

  private ReliabilityHarness harness = harness();

  private static ReliabilityHarness harness() {
    ReliabilityHarness made =
        new ReliabilityHarness(
            Policies.builder()
                .limits(new Limiter(new ManualTime(), new ManualTime()), 0)
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .retry(
                    RetrySettings.usual(3),
                    new Backoff(SECOND / 2, SECOND, () -> 1.0),
                    new RetryBudget(0.2, 100, new ManualTime()))
                .streamRecovery(StreamRecovery.SPLICE)
                .build());
    try {
      return made.atHomeBefore();
    } catch (Exception unexpected) {
      throw new AssertionError(unexpected);
    }
  }

  private void breaksAfter(int words, Break how) {
    List<Object> pieces = new ArrayList<>();
    for (String word : Arrays.copyOf(WORDS, words)) {
      pieces.add(chunk(word));
    }
    switch (how) {
      case HALF_AN_EVENT:
        pieces.add(USAGE.substring(0, 30));
        pieces.add(null);
        break;
      case ERROR_EVENT:
        pieces.add("data: {\"error\":{\"message\":\"no usage\",\"type\":\"server_error\"}}\n\n");
        pieces.add(null);
        break;
      case ERROR_AS_A_REASON:
        pieces.add(finish().replace("\"stop\"", "\"error\""));
        pieces.add(DONE);
        pieces.add(null);
        break;
      default:
        pieces.add(new IOException("Connection reset"));
    }
    harness.upstream.streams(pieces.toArray());
  }

  private WireResponse ask(boolean atProvider) throws Exception {
    return (atProvider ? harness.askStream() : harness.askStreamAtHome()).get();
  }

  private void assertAsked(boolean... asked) {
    List<Boolean> really = new ArrayList<>();
    for (WireRequest request : harness.upstream.sent) {
      really.add(new String(request.body(), StandardCharsets.UTF_8).contains("include_usage"));
    }
    List<Boolean> expected = new ArrayList<>();
    for (boolean one : asked) {
      expected.add(one);
    }
    assertThat(really).isEqualTo(expected);
  }

  @Property(tries = 100)
  void whateverTheBreakTheStreamGoesOnWithoutTheFieldAndIsNotAskedAgain(
      @ForAll @IntRange(min = 1, max = 4) int words, @ForAll Break how, @ForAll boolean atProvider)
      throws Exception {
    harness = harness();
    breaksAfter(words, how);
    harness.upstream.streams(WHOLE, null).streams(WHOLE, null);
    assertThat(text(ask(atProvider))).isEqualTo(WHOLE);
    assertThat(text(ask(atProvider))).isEqualTo(WHOLE);
    assertAsked(true, false, false);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void whatBreaksOffAgainAndCannotGoOnIsOneCallADayAndThenNone() throws Exception {
    for (int day = 0; day < 2; day++) {
      breaksAfter(2, Break.RESET);
      harness.upstream.streams(wholeStream("Quite ", "another"), null);
      WireResponse answer = ask(false);
      assertThatThrownBy(() -> text(answer)).hasMessage("Connection reset");
      harness.upstream.streams(WHOLE, null);
      assertThat(text(ask(false))).isEqualTo(WHOLE);
      harness.clock.advanceMillis(TimeUnit.DAYS.toMillis(1) + 1);
    }
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, false, false, true, false, false, false);
  }

  /** Nothing was missing but what we asked for, and the last event. */
  @Test
  void whoIsSilentBehindTheLastWordEndsTheStreamAsWithoutTheField() throws Exception {
    SocketTimeoutException silence = new SocketTimeoutException("Read timed out");
    Object[][] endings = {{silence}, {USAGE, silence}, {USAGE + DONE, silence}};
    for (Object[] ending : endings) {
      harness = harness();
      List<Object> pieces = new ArrayList<>(Arrays.asList(chunk("Hi"), finish()));
      pieces.addAll(Arrays.asList(ending));
      harness.upstream.streams(pieces.toArray());
      assertThat(text(ask(false))).isEqualTo(chunk("Hi") + finish() + DONE);
    }
  }

  @Test
  void onlyAStreamThatHasReportedUsageShowsThatAServerTakesTheField() throws Exception {
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    assertThat(text(ask(false))).isEqualTo(chunk("Hi") + finish() + DONE);
    breaksAfter(2, Break.RESET);
    harness.upstream.streams(WHOLE, null);
    assertThat(text(ask(false))).isEqualTo(WHOLE);
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    text(ask(false));
    assertAsked(true, true, false, true);
  }

  @Test
  void whoIsReadOnlyToTheLastEventHasTakenTheFieldToo() throws Exception {
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    WireResponse answer = ask(false);
    for (int i = 0; i < 3; i++) {
      answer.body().read();
    }
    answer.body().close();
    harness.upstream.answers(500, "{}").streams(WHOLE, null);
    CompletableFuture<WireResponse> repeated = harness.askStreamAtHome();
    harness.clock.advanceMillis(20_000);
    assertThat(text(repeated.get())).isEqualTo(WHOLE);
    harness.clock.advanceMillis(60_000);
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, true, false, true);
  }

  private void breakOff() throws Exception {
    harness.upstream.streams(chunk("Hi"), chunk("there"), finish(), DONE, null);
    WireResponse answer = ask(false);
    answer.body().read();
    answer.body().close();
  }

  /** Nobody can tell whether the application waited for something that did not come. */
  @Test
  void whatTheApplicationItselfBreaksOffIsANoWhereNobodyHasTakenTheField() throws Exception {
    breakOff();
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, false);
  }

  @Test
  void whatTheApplicationItselfBreaksOffShowsNothingOfATaker() throws Exception {
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    text(ask(false));
    breakOff();
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, true, true);
  }

  @Test
  void whoStopsReadingAtTheLastWordHasLostNothing() throws Exception {
    harness.upstream.streams(chunk("Hi"), finish(), USAGE, DONE, null);
    WireResponse answer = ask(false);
    answer.body().read();
    answer.body().read();
    answer.body().close();
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, true);
  }

  /** As long as nobody knows, what one call meets is met by that one only. */
  @Test
  void whileOneCallFindsOutTheOthersGoAsTheyAre() throws Exception {
    ScriptedTransport.Pieces first = ScriptedTransport.Pieces.of(chunk("Hi"));
    harness.upstream.streams(first);
    WireResponse open = ask(false);
    harness.upstream.streams(WHOLE, null);
    assertThat(text(ask(false))).isEqualTo(WHOLE);
    first.give(finish() + USAGE + DONE);
    first.give(null);
    text(open);
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, false, true);
  }

  /** A named no counts though the call's time is over before its own request is answered. */
  @Test
  void aNamedNoIsNotForgottenWithTheCallThatMetIt() throws Exception {
    for (boolean atProvider : new boolean[] {false, true}) {
      harness = harness();
      harness.upstream.answers(400, REFUSAL);
      harness.upstream.fails(new SocketTimeoutException("timeout"));
      assertThatThrownBy(() -> ask(atProvider)).hasRootCauseMessage("timeout");
      for (int i = 0; i < 2; i++) {
        harness.upstream.streams(WHOLE, null);
        assertThat(text(ask(atProvider))).isEqualTo(WHOLE);
      }
      assertAsked(true, false, false, false);
    }
  }

  /** A server that stops at the usage it cannot tell has said all it has to say by then. */
  @Test
  void whoEndsAStreamWithoutUsageIsAskedInVain() throws Exception {
    harness.upstream.streams(chunk("Hi"), finish(), null).streams(WHOLE, null);
    assertThat(text(ask(false))).isEqualTo(chunk("Hi") + finish());
    assertThat(text(ask(false))).isEqualTo(WHOLE);
    harness.clock.advanceMillis(TimeUnit.DAYS.toMillis(1) + 1);
    harness.upstream.streams(WHOLE, null);
    text(ask(false));
    assertAsked(true, false, true);
  }

  @Test
  void wholeJsonInPlaceOfAStreamPassesAndIsNotAskedForUsageAgain() throws Exception {
    harness.upstream.answers(200, JSON).streams(WHOLE, null);
    assertThat(text(ask(false))).isEqualTo(JSON);
    assertThat(text(ask(false))).isEqualTo(WHOLE);
    assertAsked(true, false);
  }
}
