package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static io.flyball.engine.ScriptedTransport.stream;
import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.attempt.Beginning;
import io.flyball.engine.attempt.CommitGate;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.Usage;
import io.flyball.wire.Body;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Hard cases of real traffic: numbers are those of research on gateways, section 5. */
class EngineWithProtocolsTest {
  private static final String CHUNK =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"finish_reason\":null}]}"
          + "\n\n";
  private static final String FINISH =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
          + "\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n";
  private static final String USAGE =
      "data: {\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-mini\","
          + "\"choices\":[],\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":1,"
          + "\"total_tokens\":10}}\n\n";
  private static final String DONE = "data: [DONE]\n\n";
  private static final String MESSAGE_START =
      "event: message_start\ndata: {\"type\":\"message_start\",\"message\":{\"id\":\"m1\","
          + "\"type\":\"message\",\"role\":\"assistant\",\"model\":\"claude-sonnet-4-5\","
          + "\"content\":[],\"usage\":{\"input_tokens\":25,\"output_tokens\":1}}}\n\n";
  private static final String PING = "event: ping\ndata: {\"type\": \"ping\"}\n\n";
  private static final String OVERLOADED =
      "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\","
          + "\"message\":\"Overloaded\"}}\n\n";
  private static final String DELTA =
      "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,"
          + "\"delta\":{\"type\":\"text_delta\",\"text\":\"Hi there\"}}\n\n";

  private final List<CallRecord> records = new ArrayList<>();
  private final ReportedErrors errors = new ReportedErrors();
  private final List<Beginning.Kind> beginnings = new ArrayList<>();
  private final Stage watching =
      (call, next) ->
          Completions.then(
              next.proceed(call),
              (response, failure) ->
                  Completions.then(
                      CommitGate.await(response),
                      (beginning, none) -> {
                        beginnings.add(beginning.kind());
                        return Completions.completed(beginning.response());
                      }));

  private Engine engine(Mode mode) {
    return Engine.builder(
            EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
                .mode(mode)
                .build(),
            records::add,
            errors)
        .build();
  }

  private static WireRequest openAi(String body) {
    return new WireRequest(
        "POST",
        URI.create("https://api.openai.com/v1/chat/completions"),
        Headers.of("Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static WireRequest openAiStream() {
    return openAi(
        "{\"model\":\"gpt-4o-mini\",\"stream\":true,"
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
  }

  private static WireRequest anthropicStream() {
    return new WireRequest(
        "POST",
        URI.create("https://api.anthropic.com/v1/messages"),
        Headers.of("Content-Type", "application/json", "anthropic-version", "2023-06-01"),
        ("{\"model\":\"claude-sonnet-4-5\",\"max_tokens\":100,\"stream\":true,"
                + "\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}")
            .getBytes(StandardCharsets.UTF_8));
  }

  private CallRecord onlyRecord() {
    assertThat(records).hasSize(1);
    assertThat(errors.counts()).isEmpty();
    return records.get(0);
  }

  @Test
  void case4AStreamThatFailsAfterItsFirstEventHasNotCommitted() throws Exception {
    WireRequest request =
        new WireRequest(
            "POST",
            URI.create("https://api.openai.com/v1/responses"),
            Headers.EMPTY,
            "{\"model\":\"gpt-4o\",\"stream\":true,\"input\":\"Hi\"}"
                .getBytes(StandardCharsets.UTF_8));
    String created =
        "event: response.created\ndata: {\"type\":\"response.created\",\"response\":"
            + "{\"id\":\"r1\",\"object\":\"response\",\"status\":\"in_progress\"}}\n\n";
    String failed =
        "event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":{\"id\":\"r1\","
            + "\"object\":\"response\",\"status\":\"failed\",\"error\":"
            + "{\"code\":\"insufficient_quota\",\"message\":\"quota\"}}}\n\n";
    assertFailedBeginning(request, created, failed);
    assertThat(onlyRecord().errorType()).isEqualTo("insufficient_quota");
  }

  @Test
  void case5AnErrorAfterMessageStartAndPingHasNotCommitted() throws Exception {
    assertFailedBeginning(anthropicStream(), MESSAGE_START + PING, OVERLOADED);
    assertThat(onlyRecord().errorType()).isEqualTo("overloaded_error");
  }

  private void assertFailedBeginning(WireRequest request, String first, String second)
      throws Exception {
    Pieces body = Pieces.of(first, second, null);
    Engine governing =
        Engine.builder(
                EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
                    .addedStages(Collections.singletonList(watching))
                    .build(),
                records::add,
                errors)
            .build();
    WireResponse delivered = governing.open(request).execute(answering(stream(body)));
    assertThat(readAll(delivered.body())).isEqualTo(first + second);
    assertThat(beginnings).containsExactly(Beginning.Kind.ERROR_EVENT);
    assertThat(records.get(0).outcome()).isEqualTo(Outcome.ERROR);
  }

  @Test
  void case14ClosingEarlyKeepsWhatWasReportedAndDelivered() throws Exception {
    WireResponse delivered =
        engine(Mode.OBSERVE)
            .open(anthropicStream())
            .execute(answering(stream(Pieces.of(MESSAGE_START + DELTA))));
    Body body = delivered.body();
    body.read();
    body.close();
    CallRecord record = onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.CANCELLED);
    assertThat(record.usage().input()).isEqualTo(25);
    assertThat(record.usage().source()).isEqualTo(Usage.Source.PARTIAL);
    assertThat(record.attempts().get(0).outputText()).isEqualTo("Hi there");
    assertThat(record.response().outputCharacters()).isEqualTo(8);
  }

  @Test
  void case15AReportedZeroStaysAndUsageThatSaysNothingIsLeftForEstimating() throws Exception {
    String zero =
        "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":0,\"completion_tokens\":0,\"total_tokens\":0}}";
    WireRequest request =
        openAi("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}");
    readAll(
        engine(Mode.OBSERVE)
            .open(request)
            .execute(answering(answer(200, "application/json", Pieces.of(zero, null))))
            .body());
    assertThat(onlyRecord().usage().input()).isZero();
    assertThat(onlyRecord().usage().source()).isEqualTo(Usage.Source.REPORTED);

    records.clear();
    String besideContent = zero.replace("\"content\":\"\"", "\"content\":\"Hi\"");
    readAll(
        engine(Mode.OBSERVE)
            .open(request)
            .execute(answering(answer(200, "application/json", Pieces.of(besideContent, null))))
            .body());
    assertThat(onlyRecord().usage()).isNull();

    records.clear();
    readAll(
        engine(Mode.OBSERVE)
            .open(openAiStream())
            .execute(answering(stream(Pieces.of(CHUNK, FINISH, DONE, null))))
            .body());
    assertThat(onlyRecord().usage()).isNull();
    assertThat(onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(onlyRecord().attempts().get(0).outputText()).isEqualTo("Hello");
    assertThat(onlyRecord().attempts().get(0).requestBody()).isEqualTo(openAiStream().body());
  }

  @Test
  void case17UsageIsAskedForRecordedAndHidden() throws Exception {
    ScriptedTransport transport = answering(stream(Pieces.of(CHUNK, FINISH, USAGE, DONE, null)));
    WireResponse delivered = engine(Mode.GOVERN).open(openAiStream()).execute(transport);
    assertThat(new String(transport.sent.get(0).body(), StandardCharsets.UTF_8))
        .contains("include_usage");
    assertThat(readAll(delivered.body())).isEqualTo(CHUNK + FINISH + DONE);
    assertThat(onlyRecord().usage().input()).isEqualTo(9);
    assertThat(onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
  }

  @Test
  void usageThatWasAskedForIsHiddenUnderAWrongContentType() throws Exception {
    WireResponse mislabelled =
        answer(200, "application/json", Pieces.of(CHUNK, FINISH, USAGE, DONE, null));
    WireResponse delivered =
        engine(Mode.GOVERN).open(openAiStream()).execute(answering(mislabelled));
    assertThat(readAll(delivered.body())).isEqualTo(CHUNK + FINISH + DONE);
    assertThat(onlyRecord().usage().input()).isEqualTo(9);

    records.clear();
    WireResponse unlabelled =
        WireResponse.received(
            200, Headers.EMPTY, Pieces.of(CHUNK, FINISH, USAGE, DONE, null), new Object());
    delivered = engine(Mode.GOVERN).open(openAiStream()).execute(answering(unlabelled));
    assertThat(readAll(delivered.body())).isEqualTo(CHUNK + FINISH + DONE);
  }

  private static WireRequest geminiStream(String query) {
    return new WireRequest(
        "POST",
        URI.create(
            "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro"
                + ":streamGenerateContent"
                + query),
        Headers.of("Content-Type", "application/json"),
        "{\"contents\":[{\"parts\":[{\"text\":\"Hi\"}]}]}".getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aStreamOfGeminiMayBeAnArrayAndCommitsWithItsFirstContent() throws Exception {
    Pieces body =
        Pieces.of("[{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hello\"}]}}]}\n");
    Engine governing =
        Engine.builder(
                EngineSettings.builder(new Protocols(Collections.<Endpoint>emptyList()))
                    .addedStages(Collections.singletonList(watching))
                    .build(),
                records::add,
                errors)
            .build();

    WireResponse delivered =
        governing.open(geminiStream("")).execute(answering(answer(200, "application/json", body)));

    assertThat(beginnings).containsExactly(Beginning.Kind.COMMITTED);
    body.give(",{\"candidates\":[{\"finishReason\":\"STOP\"}],\"usageMetadata\":{");
    body.give("\"promptTokenCount\":9,\"candidatesTokenCount\":2}}]");
    body.give(null);
    readAll(delivered.body());
    CallRecord record = onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.request().provider()).isEqualTo("gcp.gemini");
    assertThat(record.usage())
        .isEqualTo(Usage.builder(Usage.Source.REPORTED).input(9).output(2).build());
    assertThat(record.timeToFirstTokenNanos()).isNotNegative();
  }

  @Test
  void case13AGeminiAnswerStoppedForSafetyIsNoError() throws Exception {
    String stopped =
        "data: {\"candidates\":[{\"finishReason\":\"SAFETY\"}],\"usageMetadata\":{"
            + "\"promptTokenCount\":9}}\r\n\r\n";
    WireResponse delivered =
        engine(Mode.GOVERN)
            .open(geminiStream("?alt=sse"))
            .execute(answering(stream(Pieces.of(stopped, null))));
    assertThat(readAll(delivered.body())).isEqualTo(stopped);
    CallRecord record = onlyRecord();
    assertThat(record.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(record.response().finishReasons()).containsExactly("SAFETY");
    assertThat(record.usage().input()).isEqualTo(9);
  }

  @Test
  void aHostWithAnUnderscoreIsAHost() throws Exception {
    WireRequest request =
        openAiStream().withUri(URI.create("http://llm_gateway:4000/v1/chat/completions"));
    readAll(
        engine(Mode.OBSERVE)
            .open(request)
            .execute(answering(stream(Pieces.of(CHUNK, FINISH, DONE, null))))
            .body());
    assertThat(onlyRecord().attempts().get(0).host()).isEqualTo("llm_gateway");
    assertThat(onlyRecord().attempts().get(0).port()).isEqualTo(4000);
  }

  @Test
  void aPlainAnswerClosedBeforeItsEndOfFileIsASuccess() throws Exception {
    String json =
        "{\"id\":\"c1\",\"object\":\"chat.completion\",\"model\":\"m\",\"choices\":[{\"index\":0,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":1,\"total_tokens\":4}}";
    WireResponse delivered =
        engine(Mode.OBSERVE)
            .open(openAi("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"))
            .execute(answering(answer(200, "application/json", Pieces.of(json))));
    delivered.body().read();
    delivered.body().close();
    assertThat(onlyRecord().outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(onlyRecord().usage().input()).isEqualTo(3);
  }

  @Test
  void aStreamCutAfterContentIsACut() throws Exception {
    WireResponse delivered =
        engine(Mode.GOVERN).open(openAiStream()).execute(answering(stream(Pieces.of(CHUNK, null))));
    assertThat(readAll(delivered.body())).isEqualTo(CHUNK);
    assertThat(onlyRecord().outcome()).isEqualTo(Outcome.CUT);
    assertThat(onlyRecord().status()).isEqualTo(200);
  }
}
