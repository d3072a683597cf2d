package io.flyball.engine;

import static io.flyball.engine.ReliabilityHarness.DONE;
import static io.flyball.engine.ReliabilityHarness.OK;
import static io.flyball.engine.ReliabilityHarness.bytes;
import static io.flyball.engine.ReliabilityHarness.chunk;
import static io.flyball.engine.ReliabilityHarness.finish;
import static io.flyball.engine.ReliabilityHarness.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.attempt.TimeoutSettings;
import io.flyball.engine.budget.AccountStore;
import io.flyball.engine.budget.Budget;
import io.flyball.engine.budget.BudgetSettings;
import io.flyball.engine.budget.BudgetUnit;
import io.flyball.engine.budget.BudgetWindow;
import io.flyball.engine.budget.CostBounds;
import io.flyball.engine.budget.Ledger;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.meter.SettlingListener;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Usage;
import io.flyball.wire.Bodies;
import io.flyball.wire.Headers;
import io.flyball.wire.WireResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.EnumSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What cannot be read is not free: of an attempt that a provider may have paid, or that may have
 * cost more than was seen of it, all that was set aside counts as spent, and its usage is marked as
 * estimated.
 */
class OpenEndedTest {
  private static final long LIMIT = 100_000;
  private static final long MOST = 1_000;
  private static final String THINKING = "{\"model\":\"o4-mini\",\"max_completion_tokens\":1000,";
  private static final String PLAIN = "{\"model\":\"gpt-4o-mini\",\"max_tokens\":1000,";
  private static final String HI = "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}";
  private static final String STREAM = "\"stream\":true,";

  private static final String CHAT = "https://api.openai.com/v1/chat/completions";
  private static final String PROD = "{\"model\":\"prod\",\"max_tokens\":1000," + STREAM;

  /** The first event of a stream, which has no content yet. */
  private static final String ROLE =
      "data: {\"object\":\"chat.completion.chunk\",\"model\":\"m\",\"choices\":"
          + "[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"}}]}\n\n";

  private final UsageEstimate estimate = new UsageEstimate(new TokenCounter(1L << 30));
  private final CallPricing pricing = new CallPricing(PriceCatalogue.builtIn(), estimate);
  private final Ledger ledger = new Ledger(AccountStore.MEMORY, alert -> {});
  private final ReliabilityHarness harness =
      new ReliabilityHarness(
          Policies.builder()
              .timeouts(
                  new TimeoutSettings(
                      TimeUnit.SECONDS.toNanos(5),
                      TimeUnit.SECONDS.toNanos(20),
                      TimeUnit.SECONDS.toNanos(3),
                      TimeUnit.SECONDS.toNanos(60)))
              .budgets(
                  new BudgetSettings(Collections.singletonList(budget()), false, 0),
                  ledger,
                  new CostBounds(
                      PriceCatalogue.builtIn()::priceOf,
                      (provider, host, model) -> 16_384,
                      estimate::atMost))
              .build(),
          pricing);

  private static Budget budget() {
    return new Budget(
        "t",
        BudgetUnit.TOKENS,
        LIMIT,
        BudgetWindow.of("1d", ZoneOffset.UTC),
        EnumSet.noneOf(Budget.Dimension.class),
        Budget.Action.BLOCK,
        null,
        0.8);
  }

  private CompletableFuture<WireResponse> ask(String body) {
    return harness.call(body).executeAsync(harness.upstream, Runnable::run).toCompletableFuture();
  }

  /** Its only attempt, when it is paid for. */
  private AttemptRecord settled() {
    CallRecord priced = pricing.price(harness.onlyRecord());
    new SettlingListener().callEnded(priced);
    assertThat(ledger.states(0).get(0).reserved()).isZero();
    assertThat(priced.attempts()).hasSize(1);
    return priced.attempts().get(0);
  }

  private long used() {
    return ledger.states(0).get(0).used();
  }

  private void allIsKept(AttemptRecord attempt) {
    assertThat(attempt.openEnded()).isTrue();
    assertThat(attempt.usage().source()).isNotEqualTo(Usage.Source.REPORTED);
    assertThat(attempt.costUsd()).isNotNull();
    assertThat(used()).isGreaterThanOrEqualTo(MOST).isLessThan(2 * MOST);
  }

  @Test
  void anAnswerInAnEncodingThatNobodyAskedFor() throws Exception {
    harness.upstream.answers(200, new byte[300], "Content-Encoding", "br");
    bytes(ask(PLAIN + HI).get());

    AttemptRecord attempt = settled();
    allIsKept(attempt);
    assertThat(attempt.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(attempt.usage().output()).as("about its bytes").isEqualTo(300);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "# x\n{}",
        ")]}'\n{}",
        "while(1);{}",
        "callback({});",
        "\u000b{}",
        "\u00a0{}",
        "--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b--\r\n",
        "\"Hello there, this is the answer\"",
        "Hello there, this is the answer of a model that speaks no JSON"
      })
  void whatIsReadAsNoAnswerIsNotFree(String body) throws Exception {
    long before = 0;
    for (String stream : new String[] {"", STREAM}) {
      for (boolean zipped : new boolean[] {false, true}) {
        byte[] sent = body.replace("{}", OK).getBytes(StandardCharsets.UTF_8);
        if (zipped) {
          ByteArrayOutputStream bytes = new ByteArrayOutputStream();
          try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(sent);
          }
          sent = bytes.toByteArray();
        }
        harness.upstream.answers(200, sent);
        assertThat(bytes(ask(PLAIN + stream + HI).get())).isEqualTo(sent);

        AttemptRecord attempt = settled();
        harness.records.clear();
        assertThat(attempt.openEnded()).isTrue();
        assertThat(attempt.usage().output()).isPositive();
        assertThat(used() - before).isGreaterThanOrEqualTo(MOST).isLessThan(2 * MOST);
        before = used();
      }
    }
  }

  @Test
  void anUnreadableAnswerIsNoLongerThanItWasAllowedToBe() throws Exception {
    harness.upstream.answers(200, new byte[30_000], "Content-Encoding", "zstd");
    bytes(ask(PLAIN + HI).get());

    assertThat(settled().usage().output()).isEqualTo(MOST);
  }

  @Test
  void whatAReasoningModelThoughtBeforeTheApplicationLeft() throws Exception {
    harness.upstream.streams(chunk("One "), chunk("two "));
    WireResponse answer = ask(THINKING + STREAM + HI).get();
    answer.body().read();
    answer.body().close();

    allIsKept(settled());
  }

  @Test
  void whatAnotherModelSaidBeforeTheApplicationLeftIsCounted() throws Exception {
    harness.upstream.streams(chunk("One "), chunk("two "));
    WireResponse answer = ask(PLAIN + STREAM + HI).get();
    answer.body().read();
    answer.body().close();

    AttemptRecord attempt = settled();
    assertThat(attempt.openEnded()).isFalse();
    assertThat(used()).isEqualTo(attempt.usage().total()).isLessThan(50);
  }

  @Test
  void whoWasToldNotToThinkDidNot() throws Exception {
    harness.upstream.streams(chunk("One "), chunk("two "));
    WireResponse answer = ask(THINKING + "\"reasoning_effort\":\"none\"," + STREAM + HI).get();
    answer.body().read();
    answer.body().close();

    assertThat(settled().openEnded()).isFalse();
  }

  @Test
  void aWholeStreamOfAReasoningModelThatSaysNoUsage() throws Exception {
    harness.upstream.streams(chunk("One"), finish(), DONE, null);
    bytes(ask(THINKING + STREAM + HI).get());

    allIsKept(settled());
  }

  @Test
  void aWholeStreamOfNothingButThoughts() throws Exception {
    harness.upstream.streams(finish(), DONE, null);
    bytes(ask(THINKING + STREAM + HI).get());

    allIsKept(settled());
  }

  private static String named(String model) {
    return chunk("One ").replace("gpt-4o-mini", model);
  }

  /** Asks for a stream, and for usage itself; reads as much as there is. */
  private void readStream(String model) throws Exception {
    CompletableFuture<WireResponse> call =
        ask(model + "\"stream_options\":{\"include_usage\":true}," + STREAM + HI);
    assertThat(call).isDone();
    try {
      bytes(call.get());
    } catch (IOException brokenOff) {
      assertThat(brokenOff).hasMessage("Connection reset");
    }
  }

  private AttemptRecord leftAfter(String url, String body, String first) throws Exception {
    harness.upstream.streams(first);
    WireResponse answer =
        harness
            .callAt(url, body, "anthropic-version", "2023-06-01")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get();
    answer.body().read();
    answer.body().close();
    return settled();
  }

  @ParameterizedTest
  @ValueSource(strings = {"o3-2025-04-16", "gpt-5-2025-08-07", "o4-mini-2025-04-16"})
  void whatAnAliasStandsForMayHaveThought(String model) throws Exception {
    allIsKept(leftAfter(CHAT, PROD + HI, named(model)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-4o-2024-08-06", "gpt-5-chat-latest", "claude-3-5-haiku-20241022"})
  void whatAnAliasStandsForDidNotThink(String model) throws Exception {
    assertThat(leftAfter(CHAT, PROD + HI, named(model)).openEnded()).isFalse();
  }

  @Test
  void whatADeploymentOfAzureStandsFor() throws Exception {
    allIsKept(
        leftAfter(
            "https://mine.openai.azure.com/openai/deployments/prod/chat/completions?api-version=1",
            "{\"max_tokens\":1000," + STREAM + HI,
            named("o3-2025-04-16")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"reasoning\":{\"max_tokens\":900,\"exclude\":true}",
        "\"reasoning\":{\"enabled\":true,\"exclude\":true}",
        "\"reasoning\":{\"exclude\":true}",
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":900}",
        "\"reasoning_format\":\"hidden\"",
        "\"include_reasoning\":false",
        "\"enable_thinking\":true"
      })
  void whoIsToldToThinkOrNotToShowIt(String words) throws Exception {
    allIsKept(leftAfter(CHAT, PLAIN + words + "," + STREAM + HI, chunk("One ")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"reasoning\":{\"enabled\":false}",
        "\"reasoning\":{\"effort\":\"none\",\"exclude\":true}",
        "\"thinking\":{\"type\":\"disabled\"}",
        "\"reasoning_format\":\"parsed\"",
        "\"include_reasoning\":true",
        "\"enable_thinking\":false"
      })
  void whoIsToldNotToThinkOrToShowIt(String words) throws Exception {
    AttemptRecord attempt = leftAfter(CHAT, PLAIN + words + "," + STREAM + HI, chunk("One "));
    assertThat(attempt.openEnded()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "models/gemini-flash-latest, gemini-3.6-flash",
    "models/gemini-pro-latest, gemini-pro-latest",
    "endpoints/1234567, gemini-2.5-flash"
  })
  void geminiByWhateverName(String path, String version) throws Exception {
    allIsKept(
        leftAfter(
            "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/"
                + path
                + ":streamGenerateContent?alt=sse",
            "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"generationConfig\":"
                + "{\"maxOutputTokens\":1000}}",
            "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"index\":0}]"
                + (version == null ? "" : ",\"modelVersion\":\"" + version + "\"")
                + "}\n\n"));
  }

  private static String telling(int prompt, int completion) {
    return chunk("One ")
        .replace(
            "}]}\n\n",
            "}],\"usage\":{\"prompt_tokens\":"
                + prompt
                + ",\"completion_tokens\":"
                + completion
                + "}}\n\n");
  }

  /** Usage before the end is the least of it; what was thought unseen is not in it. */
  @ParameterizedTest
  @CsvSource({"0, 0", "20, 0", "20, 1", "0, 1"})
  void whatIsToldBeforeTheEndIsNotWhatAModelThought(int prompt, int completion) throws Exception {
    allIsKept(leftAfter(CHAT, THINKING + STREAM + HI, telling(prompt, completion)));
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "20, 0", "20, 1", "0, 1"})
  void whatIsToldBeforeABreakIsNotWhatAModelThought(int prompt, int completion) throws Exception {
    harness.upstream.streams(telling(prompt, completion), new IOException("Connection reset"));
    readStream(THINKING);

    allIsKept(settled());
  }

  @Test
  void whatIsToldBeforeABreakWithoutContentIsNotWhatAModelThought() throws Exception {
    String role =
        ROLE.replace("}\n\n", ",\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":0}}\n\n");
    harness.upstream.streams(role, new IOException("Connection reset"));
    readStream(THINKING);

    allIsKept(settled());
  }

  @Test
  void thoughtsThatAreToldBeforeTheEndAreKnown() throws Exception {
    String told =
        telling(20, 50)
            .replace(
                "\"completion_tokens\":50",
                "\"completion_tokens\":50,\"completion_tokens_details\":{\"reasoning_tokens\":40}");
    AttemptRecord attempt = leftAfter(CHAT, THINKING + STREAM + HI, told);

    assertThat(attempt.openEnded()).isFalse();
    assertThat(used()).isEqualTo(70);
  }

  @Test
  void aPromptOfNoTokensIsCounted() throws Exception {
    String prompt = HI.replace("Hi", String.join("", Collections.nCopies(500, "word ")));
    AttemptRecord attempt = leftAfter(CHAT, PLAIN + STREAM + prompt, telling(0, 0));

    assertThat(attempt.openEnded()).isFalse();
    assertThat(attempt.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(attempt.usage().input()).isBetween(500L, 600L);
    assertThat(attempt.usage().output()).isPositive();
    assertThat(used()).isEqualTo(attempt.usage().total());
  }

  @Test
  void aPromptThatIsToldIsNotCounted() throws Exception {
    AttemptRecord attempt = leftAfter(CHAT, PLAIN + STREAM + HI, telling(300, 0));

    assertThat(attempt.usage().input()).isEqualTo(300);
    assertThat(attempt.usage().output()).isPositive();
  }

  private AttemptRecord leftGemini(String usage) throws Exception {
    return leftAfter(
        "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:"
            + "streamGenerateContent?alt=sse",
        "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}],\"generationConfig\":"
            + "{\"maxOutputTokens\":1000}}",
        "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"a\"}]},\"index\":0}],"
            + "\"usageMetadata\":"
            + usage
            + "}\n\n");
  }

  @Test
  void aPromptIsNotWhatGeminiThought() throws Exception {
    allIsKept(leftGemini("{\"promptTokenCount\":20,\"totalTokenCount\":20}"));
  }

  @Test
  void whatGeminiTellsOfItsOutputHasItsThoughts() throws Exception {
    AttemptRecord attempt =
        leftGemini(
            "{\"promptTokenCount\":20,\"candidatesTokenCount\":2,\"thoughtsTokenCount\":90,"
                + "\"totalTokenCount\":112}");
    assertThat(attempt.openEnded()).isFalse();
    assertThat(used()).isEqualTo(112);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gpt-5.1-chat-latest", "gpt-5.2-chat-latest", "computer-use-preview"})
  void whoMayHaveThoughtByItsName(String model) throws Exception {
    allIsKept(leftAfter(CHAT, PLAIN.replace("gpt-4o-mini", model) + STREAM + HI, named(model)));
  }

  @Test
  void claudeUnderAnotherName() throws Exception {
    allIsKept(
        leftAfter(
            "https://gateway.example/v1/messages",
            "{\"model\":\"smart\",\"max_tokens\":1000," + STREAM + HI,
            "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":"
                + "\"claude-opus-5\",\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n"
                + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                + "{\"type\":\"text_delta\",\"text\":\"ok\"}}\n\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":900},\"thinking\":{\"type\":\"disabled\"},",
        "\"thinking\":{\"type\":\"disabled\"},\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":900},",
      })
  void whoIsToldBothMayThink(String words) throws Exception {
    allIsKept(
        leftAfter(
            "https://api.anthropic.com/v1/messages",
            "{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":1000," + words + STREAM + HI,
            "data: {\"type\":\"message_start\",\"message\":{\"id\":\"m\",\"model\":"
                + "\"claude-sonnet-4-5\",\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n"
                + "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                + "{\"type\":\"text_delta\",\"text\":\"ok\"}}\n\n"));
  }

  @Test
  void aStreamThatBrokeOffWhileTheModelMayHaveThought() throws Exception {
    harness.upstream.streams(ROLE, new IOException("Connection reset"));
    readStream(THINKING);

    allIsKept(settled());
  }

  @Test
  void aStreamOfNothingButPingsWhileTheModelMayHaveThought() throws Exception {
    harness.upstream.streams(": ping\n\n", ": ping\n\n", null);
    readStream(THINKING);

    allIsKept(settled());
  }

  @Test
  void aStreamOfWhoDoesNotThinkThatBrokeOffBeforeItsContent() throws Exception {
    harness.upstream.streams(ROLE, new IOException("Connection reset"));
    readStream(PLAIN);

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {408, 499, 504, 524})
  void whatAGatewayDidNotWaitFor(int status) throws Exception {
    harness.upstream.answers(status, "{\"error\":{\"message\":\"upstream timed out\"}}");
    bytes(ask(PLAIN + HI).get());

    allIsKept(settled());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 429, 500, 502, 503, 529})
  void whoSaysThatNothingWasMadeIsNotPaid(int status) throws Exception {
    harness.upstream.answers(status, "{\"error\":{\"message\":\"no\"}}");
    bytes(ask(PLAIN + HI).get());

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isZero();
  }

  @Test
  void whatAGatewayTellsOfWhatItDidNotWaitFor() throws Exception {
    harness.upstream.answers(
        504,
        "{\"error\":{\"message\":\"slow\"},\"usage\":{\"prompt_tokens\":9,"
            + "\"completion_tokens\":20,\"total_tokens\":29}}");
    bytes(ask(PLAIN + HI).get());

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isEqualTo(29);
  }

  @Test
  void anAnswerThatNobodyWaitedFor() throws Exception {
    harness.upstream.isSilent();
    CompletableFuture<WireResponse> call = ask(PLAIN + HI);
    harness.clock.advanceMillis(21_000);
    assertThat(text(call.get())).contains("flyball_timeout");

    AttemptRecord attempt = settled();
    allIsKept(attempt);
    assertThat(attempt.outcome()).isEqualTo(Outcome.TIMEOUT);
  }

  @Test
  void anAnswerThatTheClientDidNotWaitFor() throws Exception {
    harness.upstream.fails(new SocketTimeoutException("Read timed out"));
    assertThat(ask(PLAIN + HI)).isCompletedExceptionally();

    allIsKept(settled());
  }

  @Test
  void whoWasNotReachedIsNotPaid() throws Exception {
    harness.upstream.fails(new SocketTimeoutException("Connect timed out"));
    assertThat(ask(PLAIN + HI)).isCompletedExceptionally();
    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isZero();
  }

  @Test
  void whoRefusedTheConnectionIsNotPaid() throws Exception {
    harness.upstream.fails(new ConnectException("Connection refused"));
    assertThat(ask(PLAIN + HI)).isCompletedExceptionally();
    assertThat(settled().usage()).isNull();
    assertThat(used()).isZero();
  }

  @Test
  void anAnswerThatIsMadeInTheBackground() throws Exception {
    harness.upstream.answers(
        200,
        "{\"id\":\"r\",\"object\":\"response\",\"status\":\"queued\",\"background\":true,"
            + "\"model\":\"gpt-4o-mini\",\"output\":[],\"usage\":null}");
    bytes(
        harness
            .callAt(
                "https://api.openai.com/v1/responses",
                "{\"model\":\"gpt-4o-mini\",\"max_output_tokens\":1000,\"background\":true,"
                    + "\"input\":\"Hi\"}")
            .executeAsync(harness.upstream, Runnable::run)
            .toCompletableFuture()
            .get());

    allIsKept(settled());
  }

  /** What an OpenAI client would get from it is its own business: somebody has made it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"code\":0,\"msg\":\"ok\",\"data\":{\"choices\":[{\"message\":{\"content\":\"Hello\"}}]}}",
        "{\"success\":true,\"errors\":[],\"result\":{\"choices\":[{\"message\":{\"content\":\"a\"}}]}}",
        "{\"response\":{\"choices\":[{\"message\":{\"content\":\"Hello\"}}]}}",
        "\"{\\\"choices\\\":[{\\\"message\\\":{\\\"content\\\":\\\"Hello\\\"}}]}\"",
        "{\"model\":\"m\",\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"eval_count\":7}",
        "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hello\"}]},\"finishReason\":\"STOP\"}]}",
        "Hello, I am an answer without any JSON around it."
      })
  void anAnswerInAnotherForm(String body) throws Exception {
    harness.upstream.answers(200, body);
    bytes(ask(PLAIN + HI).get());

    allIsKept(settled());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "null", "{\"choices\":[],\"model\":\"gpt-4o-mini\"}"})
  void anAnswerThatSurelySaysNothing(String body) throws Exception {
    harness.upstream.answers(200, body);
    bytes(ask(PLAIN + HI).get());

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isLessThan(100);
  }

  @Test
  void aWebPageIsNoAnswer() throws Exception {
    harness.upstream.responds(
        200,
        Headers.of("Content-Type", "text/html; charset=utf-8"),
        Bodies.of("<html>Please log in</html>".getBytes(StandardCharsets.UTF_8)));
    bytes(ask(PLAIN + HI).get());

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isZero();
  }

  @Test
  void zerosBesideContentAreCountedAnew() throws Exception {
    harness.upstream.answers(200, OK.replaceAll("_tokens\":\\d+", "_tokens\":0"));
    bytes(ask(PLAIN + HI).get());

    AttemptRecord attempt = settled();
    assertThat(attempt.openEnded()).isFalse();
    assertThat(attempt.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
    assertThat(used()).isPositive();
  }

  @Test
  void zerosOfWhoMayHaveThoughtUnseen() throws Exception {
    harness.upstream.answers(200, OK.replaceAll("_tokens\":\\d+", "_tokens\":0"));
    bytes(ask(THINKING + HI).get());

    allIsKept(settled());
  }

  @ParameterizedTest
  @ValueSource(strings = {PLAIN, THINKING})
  void aTotalAloneIsAllOfIt(String asked) throws Exception {
    harness.upstream.answers(
        200,
        "{\"choices\":[{\"message\":{\"content\":\"One two\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"total_tokens\":1820}}");
    bytes(ask(asked + HI).get());

    AttemptRecord attempt = settled();
    assertThat(attempt.openEnded()).isFalse();
    assertThat(used()).isEqualTo(1820);
    assertThat(attempt.usage().output()).isGreaterThan(1_700);
  }

  @Test
  void thePromptThatWasToldHolds() throws Exception {
    harness.upstream.answers(
        200,
        "{\"choices\":[{\"message\":{\"content\":\"One two\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":800,\"completion_tokens\":\"some\"}}");
    bytes(ask(PLAIN + HI).get());

    AttemptRecord attempt = settled();
    assertThat(attempt.usage().input()).isEqualTo(800);
    assertThat(attempt.usage().output()).isBetween(2L, 3L);
    assertThat(attempt.usage().source()).isEqualTo(Usage.Source.ESTIMATED);
  }

  @Test
  void whatIsReportedIsSettled() throws Exception {
    harness.upstream.answers(200, OK);
    bytes(ask(THINKING + HI).get());

    assertThat(settled().openEnded()).isFalse();
    assertThat(used()).isEqualTo(10);
  }
}
