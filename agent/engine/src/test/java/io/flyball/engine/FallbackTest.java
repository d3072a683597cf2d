package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.text;
import static io.flyball.engine.ReliabilityHarness.wholeStream;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.event.CallJson;
import io.flyball.engine.fallback.FallbackReason;
import io.flyball.engine.fallback.FallbackSettings;
import io.flyball.engine.fallback.FallbackSettings.Link;
import io.flyball.engine.fallback.HedgeSettings;
import io.flyball.engine.fallback.Hedging;
import io.flyball.engine.fallback.LastAnswers;
import io.flyball.engine.fallback.Target;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.recovery.StreamRecovery;
import io.flyball.engine.time.ManualTime;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The chain of targets, and who gets which credential. */
class FallbackTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
  private static final String OVERLOADED =
      "{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\",\"code\":null}}";
  private static final String TOO_LONG =
      "{\"error\":{\"message\":\"This model's maximum context length is 8192 tokens.\","
          + "\"type\":\"invalid_request_error\",\"code\":\"context_length_exceeded\"}}";
  private static final String CLAUDE =
      "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
          + "\"content\":[{\"type\":\"text\",\"text\":\"Bonjour\"}],\"stop_reason\":\"end_turn\","
          + "\"stop_sequence\":null,\"usage\":{\"input_tokens\":12,\"output_tokens\":3}}";

  private ReliabilityHarness harness;

  private static final Target BACKUP =
      target("backup", "https://backup.example/v1", "openai", "m2");
  private static final Target ANTHROPIC =
      target("claude", "https://api.anthropic.com", "anthropic", "claude-sonnet-4-5");

  private static Target target(String name, String url, String protocol, String model) {
    return new Target(
        name,
        URI.create(url),
        protocol,
        model,
        name + "-key",
        0,
        0,
        Collections.<String, String>emptyMap());
  }

  private ReliabilityHarness chain(Link... links) {
    return chain(EnumSet.complementOf(EnumSet.of(FallbackReason.CONTENT_FILTER)), null, links);
  }

  private ReliabilityHarness chain(EnumSet<FallbackReason> on, HedgeSettings hedge, Link... links) {
    harness =
        new ReliabilityHarness(
            Policies.builder()
                .timeouts(new TimeoutSettings(5 * SECOND, 20 * SECOND, 3 * SECOND, 60 * SECOND))
                .fallback(
                    new FallbackSettings(
                        Arrays.asList(links), Collections.<Target>emptyList(), on, hedge),
                    new LastAnswers(1 << 20),
                    (provider, host, model) ->
                        model == null ? 0 : model.startsWith("m") ? 100_000 : 8_192)
                .hedging(new Hedging(new ManualTime()))
                .streamRecovery(StreamRecovery.SPLICE)
                .build());
    return harness;
  }

  @AfterEach
  void nothingFailedInside() {
    assertThat(harness.errors.counts()).isEmpty();
  }

  private static String body(WireRequest request) {
    return new String(request.body(), StandardCharsets.UTF_8);
  }

  @Test
  void theNextTargetAnswersWithItsOwnCredentialAndModel() throws Exception {
    chain(Link.to(BACKUP));
    harness.upstream.answers(503, OVERLOADED).answers(200, OK);
    WireResponse answer = harness.ask("OpenAI-Organization", "org-app", "Cookie", "a=b").get();
    assertThat(text(answer)).isEqualTo(OK);
    assertThat(answer.headers().first("x-flyball-target")).isEqualTo("backup");
    WireRequest there = harness.upstream.sent.get(1);
    assertThat(there.uri()).isEqualTo(URI.create("https://backup.example/v1/chat/completions"));
    assertThat(there.headers().all("Authorization")).containsExactly("Bearer backup-key");
    assertThat(there.headers().first("OpenAI-Organization")).isNull();
    assertThat(there.headers().first("Cookie")).isNull();
    assertThat(body(there)).contains("\"model\":\"m2\"").contains("\"content\":\"Hi\"");
    assertThat(harness.upstream.sent.get(0).headers().all("Authorization"))
        .containsExactly("Bearer app-key");
    CallRecord record = harness.onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.journal().fallbackFrom()).isEqualTo("api.openai.com:443");
    assertThat(record.journal().fallbackTo()).isEqualTo("backup");
    assertThat(record.journal().fallbackReason()).isEqualTo("error");
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void anotherProvidersAnswerComesInTheApplicationsFormat() throws Exception {
    chain(Link.to(ANTHROPIC));
    harness.upstream.fails(new IOException("reset")).answers(200, CLAUDE);
    WireResponse answer = harness.ask().get();
    String text = text(answer);
    assertThat(text).contains("\"object\":\"chat.completion\"", "Bonjour", "claude-sonnet-4-5");
    WireRequest there = harness.upstream.sent.get(1);
    assertThat(there.uri()).isEqualTo(URI.create("https://api.anthropic.com/v1/messages"));
    assertThat(there.headers().first("x-api-key")).isEqualTo("claude-key");
    assertThat(there.headers().first("Authorization")).isNull();
    assertThat(harness.onlyRecord().response().usage().input()).isEqualTo(12);
    assertThat(harness.errors.counts()).isEmpty();
  }

  @Test
  void whatATargetSendsCompressedIsTranslatedAll() throws Exception {
    String stream =
        "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\","
            + "\"role\":\"assistant\",\"content\":[],\"usage\":{\"input_tokens\":25}}}\n\n"
            + "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,"
            + "\"content_block\":{\"type\":\"text\",\"text\":\"\"}}\n\n"
            + "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
            + "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi there\"}}\n\n"
            + "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{"
            + "\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":3}}\n\n"
            + "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n";
    chain(Link.to(ANTHROPIC));
    harness
        .upstream
        .answers(503, OVERLOADED)
        .answers(200, AskForUsageTest.gzip(CLAUDE), "Content-Encoding", "gzip");
    assertThat(text(harness.ask().get())).contains("Bonjour");
    harness
        .upstream
        .answers(503, OVERLOADED)
        .responds(
            200,
            Headers.of("Content-Type", "text/event-stream", "Content-Encoding", "gzip"),
            Pieces.of(AskForUsageTest.gzip(stream), null));
    WireResponse answer = harness.askStream().get();
    assertThat(text(answer)).contains("Hi there").contains("[DONE]");
    assertThat(answer.headers().first("Content-Encoding")).isNull();
  }

  @Test
  void whenNobodyCanTheApplicationGetsItsOwnError() throws Exception {
    chain(Link.to(BACKUP), Link.to(ANTHROPIC));
    harness
        .upstream
        .answers(503, OVERLOADED)
        .answers(400, "{\"error\":{\"message\":\"no prefill\"}}")
        .answers(401, "{}");
    WireResponse answer = harness.ask().get();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(text(answer)).isEqualTo(OVERLOADED);
    assertThat(harness.upstream.sent).hasSize(3);
  }

  @Test
  void aTooLongPromptGoesOnlyToALargerModel() throws Exception {
    Target small = target("small", "https://small.example/v1", "openai", "tiny");
    chain(Link.to(small), Link.to(BACKUP));
    harness.upstream.answers(400, TOO_LONG).answers(200, OK);
    assertThat(text(harness.ask().get())).isEqualTo(OK);
    assertThat(harness.upstream.sent).hasSize(2);
    assertThat(harness.upstream.sent.get(1).uri().getHost()).isEqualTo("backup.example");
  }

  @Test
  void aContentFilterIsNotRoutedAround() throws Exception {
    chain(Link.to(BACKUP));
    String filtered = "{\"error\":{\"message\":\"no\",\"code\":\"content_policy_violation\"}}";
    harness.upstream.answers(400, filtered);
    assertThat(text(harness.ask().get())).isEqualTo(filtered);
    assertThat(harness.upstream.sent).hasSize(1);
  }

  @Test
  void aContentFilterIsRoutedAroundWhereTheUserWantsIt() throws Exception {
    harness = chain(EnumSet.of(FallbackReason.CONTENT_FILTER), null, Link.to(BACKUP));
    harness
        .upstream
        .answers(400, "{\"error\":{\"message\":\"no\",\"code\":\"content_policy_violation\"}}")
        .answers(200, OK);
    assertThat(text(harness.ask().get())).isEqualTo(OK);
  }

  @Test
  void anAnswerThatWasFilteredIsRoutedAroundOnlyWhereTheUserWantsIt() throws Exception {
    String filtered = OK.replace("\"stop\"", "\"content_filter\"");
    chain(Link.to(BACKUP));
    harness.upstream.answers(200, filtered);
    assertThat(text(harness.ask().get())).isEqualTo(filtered);
    chain(EnumSet.of(FallbackReason.CONTENT_FILTER), null, Link.to(BACKUP));
    harness.upstream.answers(200, filtered).answers(200, OK);
    assertThat(text(harness.ask().get())).isEqualTo(OK);
  }

  @Test
  void theLastGoodAnswerToTheSameRequestIsGivenAgain() throws Exception {
    chain(Link.lastAnswer());
    harness.upstream.answers(200, OK).answers(503, OVERLOADED).answers(503, OVERLOADED);
    WireResponse first = harness.ask().get();
    assertThat(first.headers().first("x-flyball-cache")).isNull();
    text(first);
    WireResponse again = harness.ask().get();
    assertThat(again.headers().first("x-flyball-cache")).isEqualTo("hit");
    assertThat(text(again)).isEqualTo(OK);
    assertThat(harness.ask("Authorization", "Bearer another").get().status())
        .as("nobody gets the answer of another credential")
        .isEqualTo(503);
  }

  @Test
  void aTextOfTheUsersIsTheLastResort() throws Exception {
    chain(Link.text("We are \"busy\", sorry."));
    harness.upstream.answers(503, OVERLOADED).answers(503, OVERLOADED);
    assertThat(text(harness.ask().get()))
        .contains("We are \\\"busy\\\", sorry.")
        .contains("chat.completion");
    assertThat(text(harness.askStream().get()))
        .contains("We are \\\"busy\\\", sorry.")
        .endsWith("data: [DONE]\n\n");
    for (CallRecord record : harness.records) {
      String event = new String(new CallJson(null).bytes(record), StandardCharsets.UTF_8);
      assertThat(event).contains("\"target\":\"static\"", "\"fallback_from\":\"api.openai.com");
    }
  }

  @Test
  void aStreamThatGoesSilentGoesOnAtTheNextTarget() throws Exception {
    chain(Link.to(BACKUP));
    harness
        .upstream
        .streams(ScriptedTransport.Pieces.of(chunk("One ")))
        .streams(wholeStream("One ", "two"), null);
    WireResponse answer = harness.askStream().get();
    answer.body().read();
    CompletableFuture<ByteBuffer> rest = answer.body().read().toCompletableFuture();
    assertThat(rest).isNotDone();
    harness.clock.advanceMillis(3_001);
    String joined = StandardCharsets.UTF_8.decode(rest.get()) + text(answer);
    assertThat(joined).contains("two", "[DONE]").doesNotContain("One");
    assertThat(harness.upstream.sent.get(1).uri().getHost()).isEqualTo("backup.example");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void aStreamThatBreaksOffTwiceGoesOnAtTheNextTarget() throws Exception {
    chain(Link.to(BACKUP));
    harness
        .upstream
        .streams(chunk("One "), new IOException("reset"))
        .streams(chunk("One "), new IOException("reset"))
        .streams(wholeStream("One ", "two"), null);
    assertThat(text(harness.askStream().get())).contains("One ", "two", "[DONE]");
    assertThat(harness.upstream.sent)
        .extracting(sent -> sent.uri().getHost())
        .containsExactly("api.openai.com", "api.openai.com", "backup.example");
    assertThat(harness.onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void aSlowTargetIsOvertakenByTheNext() throws Exception {
    harness =
        chain(
            EnumSet.allOf(FallbackReason.class),
            new HedgeSettings(0.95, SECOND / 10, SECOND),
            Link.to(BACKUP));
    harness.upstream.isSilent().answers(200, OK);
    CompletableFuture<WireResponse> answer = harness.ask();
    harness.clock.advanceMillis(999);
    assertThat(harness.upstream.sent).hasSize(1);
    harness.clock.advanceMillis(1);
    assertThat(answer.get(10, TimeUnit.SECONDS).status()).isEqualTo(200);
    await()
        .untilAsserted(() -> assertThat(harness.upstream.attempts.get(0).isCancelled()).isTrue());
    assertThat(answer.get().headers().first("x-flyball-target")).isEqualTo("backup");
  }

  @Test
  void aFastTargetIsNotOvertaken() throws Exception {
    harness =
        chain(
            EnumSet.allOf(FallbackReason.class),
            new HedgeSettings(0.95, SECOND / 10, SECOND),
            Link.to(BACKUP));
    harness.upstream.answers(200, OK);
    assertThat(text(harness.ask().get())).isEqualTo(OK);
    harness.clock.advanceMillis(10_000);
    assertThat(harness.upstream.sent).hasSize(1);
  }

  private static final String ERROR =
      "data: {\"error\":{\"message\":\"m\",\"type\":\"server_error\"}}\n\n";

  @Test
  void whyAStreamIsJoinedByAnotherTargetIsHowItBroke() throws Exception {
    chain(Link.to(BACKUP));
    harness
        .upstream
        .streams(chunk("One "), ERROR, null)
        .streams(chunk("One "), ERROR, null)
        .streams(wholeStream("One ", "two"), null);
    assertThat(text(harness.askStream().get())).isEqualTo(wholeStream("One ", "two"));
    assertThat(harness.upstream.sent).hasSize(3);
    assertThat(harness.onlyRecord().journal().fallbackFrom()).isEqualTo("api.openai.com:443");
    assertThat(harness.onlyRecord().journal().fallbackTo()).isEqualTo("backup");
    assertThat(harness.onlyRecord().journal().fallbackReason()).isEqualTo("error");
  }

  @Test
  void whoBeginsAStreamAgainAndDoesNotCatchUpHasNotHelped() throws Exception {
    chain(Link.to(BACKUP));
    harness
        .upstream
        .streams(chunk("One "), chunk("two "), ERROR, null)
        .streams(chunk("One "), ERROR, null)
        .streams(chunk("One "), ERROR, null)
        .streams(chunk("One "), ERROR, null);
    String answer = text(harness.askStream().get());
    assertThat(answer).startsWith(chunk("One ") + chunk("two "));
    assertThat(harness.upstream.sent).hasSize(4);
    CallRecord record = harness.onlyRecord();
    assertThat(record.journal().fallbackFrom()).isNull();
    assertThat(record.journal().fallbackTo()).isNull();
    assertThat(record.journal().fallbackReason()).isNull();
    assertThat(record.journal().answeredBy()).isEqualTo("api.openai.com:443");
  }
}
