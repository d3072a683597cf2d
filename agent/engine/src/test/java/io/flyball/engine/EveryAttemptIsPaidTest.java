package io.flyball.engine;

import static io.flyball.engine.EngineHarness.readAll;
import static io.flyball.engine.ScriptedTransport.answer;
import static io.flyball.engine.ScriptedTransport.answering;
import static io.flyball.engine.ScriptedTransport.stream;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.flyball.engine.ScriptedTransport.Pieces;
import io.flyball.engine.call.AttemptRecord;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.ModelCall;
import io.flyball.engine.call.Outcome;
import io.flyball.engine.call.Stage;
import io.flyball.engine.event.CallJson;
import io.flyball.engine.pipeline.Policies;
import io.flyball.engine.price.CallPricing;
import io.flyball.engine.price.PriceCatalogue;
import io.flyball.engine.telemetry.CallHistory;
import io.flyball.engine.telemetry.CallTotals;
import io.flyball.engine.telemetry.MetricsListener;
import io.flyball.engine.telemetry.MicrometerInstruments;
import io.flyball.engine.telemetry.SpanListener;
import io.flyball.engine.tokens.TokenCounter;
import io.flyball.engine.tokens.UsageEstimate;
import io.flyball.protocol.Endpoint;
import io.flyball.protocol.Protocols;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.RequestHead;
import io.flyball.protocol.Usage;
import io.flyball.wire.BodyPrefix;
import io.flyball.wire.Completions;
import io.flyball.wire.Headers;
import io.flyball.wire.WireRequest;
import io.flyball.wire.WireResponse;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.EOFException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A call whose primary, GPT-4o, breaks after 40 tokens and that Gemini then answers: 9 + 40 tokens
 * (counted) at 2.50 and 10 dollars a million, and 100 + 20 (reported) at 1.25 and 10.
 */
class EveryAttemptIsPaidTest {
  private static final String CUT_USD = "0.0004225";
  private static final String SERVED_USD = "0.000325";
  private static final String SUM_USD = "0.0007475";
  private static final Protocols PROTOCOLS = new Protocols(Collections.<Endpoint>emptyList());
  private static final WireRequest PRIMARY =
      request(
          "https://api.openai.com/v1/chat/completions",
          "{\"model\":\"gpt-4o\",\"stream\":true,\"messages\":"
              + "[{\"role\":\"user\",\"content\":\"one two three\"}]}");
  private static final WireRequest FALLBACK =
      request(
          "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro:generateContent",
          "{\"contents\":[{\"parts\":[{\"text\":\"one two three\"}]}]}");

  private static final CallPricing PRICING =
      new CallPricing(
          PriceCatalogue.builtIn(), new UsageEstimate(new TokenCounter(Long.MAX_VALUE)));

  private final List<CallRecord> records = new ArrayList<>();
  private final ReportedErrors errors = new ReportedErrors();

  /** Holds the whole first answer; asks elsewhere when it breaks. */
  private final Stage fallback =
      (call, next) ->
          Completions.then(
              next.proceed(call),
              (response, failure) -> {
                if (failure != null) {
                  return next.proceed(elsewhere(call));
                }
                return Completions.then(
                    BodyPrefix.read(response.body(), 1 << 20, () -> false),
                    (prefix, none) -> {
                      if (prefix.failure() == null) {
                        return Completions.completed(response.withBody(prefix.replay()));
                      }
                      response.body().close();
                      return next.proceed(elsewhere(call));
                    });
              });

  private static ModelCall elsewhere(ModelCall call) {
    return call.withRequest(FALLBACK, facts(FALLBACK));
  }

  private static WireRequest request(String uri, String body) {
    return new WireRequest(
        "POST",
        URI.create(uri),
        Headers.of("Content-Type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8));
  }

  private static RequestFacts facts(WireRequest request) {
    return PROTOCOLS.recognise(
        new RequestHead(
            request.method(),
            "https",
            request.host(),
            request.port(),
            request.uri().getRawPath(),
            null,
            request.headers()::first),
        request.body());
  }

  private static Pieces fortyTokensAndACut() {
    Pieces body = new Pieces();
    for (int i = 0; i < 40; i++) {
      body.give(
          "data: {\"object\":\"chat.completion.chunk\",\"model\":\"gpt-4o-2024-08-06\","
              + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"}}]}\n\n");
    }
    body.give(new EOFException("cut"));
    return body;
  }

  private static WireResponse geminiAnswer() {
    return answer(
        200,
        "application/json",
        Pieces.of(
            "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"four\"}]},"
                + "\"finishReason\":\"STOP\"}],\"modelVersion\":\"gemini-2.5-pro\","
                + "\"usageMetadata\":{\"promptTokenCount\":100,\"candidatesTokenCount\":15,"
                + "\"thoughtsTokenCount\":5}}",
            null));
  }

  private CallRecord priced(WireResponse primary) throws Exception {
    Engine engine =
        Engine.builder(
                EngineSettings.builder(PROTOCOLS)
                    .mode(Mode.GOVERN)
                    .policies(Policies.builder().asksForUsage(false).build())
                    .addedStages(Collections.singletonList(fallback))
                    .build(),
                records::add,
                errors)
            .build();
    WireResponse delivered = engine.open(PRIMARY).execute(answering(primary, geminiAnswer()));
    assertThat(readAll(delivered.body())).contains("four");
    assertThat(errors.counts()).isEmpty();
    assertThat(records).hasSize(1);
    return PRICING.price(records.get(0)).withoutContent();
  }

  private CallRecord fallenBack() throws Exception {
    return priced(stream(fortyTokensAndACut()));
  }

  @Test
  void eachIsMeasuredAndPricedByItsOwnRequest() throws Exception {
    CallRecord record = fallenBack();

    AttemptRecord cut = record.attempts().get(0);
    assertThat(cut.outcome()).isEqualTo(Outcome.CUT);
    assertThat(cut.request().provider()).isEqualTo("openai");
    assertThat(cut.usage())
        .isEqualTo(Usage.builder(Usage.Source.PARTIAL).input(9).output(40).build());
    assertThat(cut.costUsd()).isEqualByComparingTo(CUT_USD);
    assertThat(cut.delivered()).isFalse();
    AttemptRecord served = record.attempts().get(1);
    assertThat(served.outcome()).isEqualTo(Outcome.SUCCESS);
    assertThat(served.request().protocol().id()).isEqualTo("gemini.generate");
    assertThat(served.usage())
        .isEqualTo(Usage.builder(Usage.Source.REPORTED).input(100).output(20).reasoning(5).build());
    assertThat(served.costUsd()).isEqualByComparingTo(SERVED_USD);
    assertThat(served.delivered()).isTrue();
    assertThat(record.request().model()).isEqualTo("gpt-4o");
    assertThat(record.response().model()).isEqualTo("gemini-2.5-pro");
    assertThat(record.usage()).isEqualTo(served.usage());
    assertThat(record.costUsd()).isEqualByComparingTo(SUM_USD);
    assertThat(record.wastedUsd()).isEqualByComparingTo(CUT_USD);
  }

  @Test
  void anAttemptThatFailedBeforeAnyContentCostsNothing() throws Exception {
    CallRecord refused = priced(answer(503, "application/json", Pieces.of(new EOFException())));
    assertThat(refused.attempts().get(0).usage()).isNull();
    assertThat(refused.costUsd()).isEqualByComparingTo(SERVED_USD);
    records.clear();

    CallRecord silent =
        priced(stream(Pieces.of(": keep-alive\n\n", new EOFException("before content"))));
    assertThat(silent.attempts()).hasSize(2);
    assertThat(silent.attempts().get(0).usage()).isNull();
    assertThat(silent.attempts().get(0).requestBody()).isNull();
    assertThat(silent.costUsd()).isEqualByComparingTo(SERVED_USD);
    assertThat(silent.wastedUsd()).isZero();
  }

  @Test
  void noAttemptKeepsContentWhosePricingNeedsNone() throws Exception {
    fallenBack();

    List<AttemptRecord> attempts = records.get(0).attempts();
    assertThat(attempts.get(0).requestBody()).isNotNull();
    assertThat(attempts.get(0).outputText()).hasSize(200);
    assertThat(attempts.get(1).requestBody()).isNull();
    assertThat(attempts.get(1).outputText()).isNull();
    assertThat(records.get(0).requestBody()).isNull();
    assertThat(records.get(0).withoutContent().attempts().get(0).requestBody()).isNull();
    assertThat(records.get(0).withoutContent().attempts().get(0).outputText()).isNull();
  }

  @Test
  void theEventNamesWhoServedAndWhatWasWasted() throws Exception {
    byte[] json = new CallJson(null).bytes(fallenBack());
    JsonNode event = new ObjectMapper().readTree(json);

    assertThat(new String(json, StandardCharsets.UTF_8))
        .contains("\"cost_usd\":" + SUM_USD + ",\"wasted_usd\":" + CUT_USD + ",");
    assertThat(event.path("provider").asText()).isEqualTo("gcp.gemini");
    assertThat(event.path("target").asText()).isEqualTo("generativelanguage.googleapis.com");
    assertThat(event.path("request_model").asText()).isEqualTo("gpt-4o");
    assertThat(event.path("response_model").asText()).isEqualTo("gemini-2.5-pro");
    assertThat(event.path("input_tokens").asLong()).isEqualTo(100);
    assertThat(event.path("fallback_from").asText()).isEqualTo("api.openai.com");
    assertThat(event.path("fallback_reason").asText()).isEqualTo("java.io.EOFException");
  }

  @Test
  void theEngineMaySayWhatTheCallFellBackFrom() throws Exception {
    CallRecord told = fallenBack().toBuilder().fallback("primary", "circuit_open").build();

    JsonNode event = new ObjectMapper().readTree(new CallJson(null).bytes(told));
    assertThat(event.path("fallback_from").asText()).isEqualTo("primary");
    assertThat(event.path("fallback_reason").asText()).isEqualTo("circuit_open");
  }

  @Test
  void metricsCountEachCostUnderItsOwnModelAndProvider() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new MetricsListener(new MicrometerInstruments(registry), 10, () -> 0, () -> 0)
        .callEnded(fallenBack());

    assertThat(registry.scrape())
        .containsPattern(
            "flyball_cost_USD_total\\{[^}]*model=\"gpt-4o\"[^}]*provider=\"openai\"[^}]*} "
                + "4.225E-4")
        .containsPattern(
            "flyball_cost_USD_total\\{[^}]*model=\"gemini-2.5-pro\"[^}]*provider=\"gcp.gemini\""
                + "[^}]*} 3.25E-4")
        .containsPattern(
            "flyball_cost_wasted_USD_total\\{[^}]*model=\"gpt-4o\"[^}]*provider=\"openai\"[^}]*} "
                + "4.225E-4")
        .containsPattern(
            "flyball_calls_total\\{[^}]*outcome=\"success\"[^}]*provider=\"gcp.gemini\"[^}]*} 1.0")
        .doesNotContainPattern("flyball_cost_wasted_USD_total\\{[^}]*gemini");
  }

  @Test
  void addingUpTheSpansOfATraceGivesWhatTheCallUsed() throws Exception {
    InMemorySpanExporter exported = InMemorySpanExporter.create();
    OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .build();
    new SpanListener(sdk, "1").record(fallenBack());
    List<SpanData> spans = exported.getFinishedSpanItems();
    sdk.close();

    SpanData cut = spans.get(0);
    SpanData served = spans.get(1);
    SpanData call = spans.get(2);
    for (SpanData attempt : Arrays.asList(cut, served)) {
      attempt
          .getAttributes()
          .forEach(
              (key, value) ->
                  assertThat(key.getKey())
                      .doesNotStartWith("gen_ai.")
                      .doesNotContain("usage")
                      .doesNotContain("cost"));
    }
    assertThat(text(cut, "flyball.attempt.provider")).isEqualTo("openai");
    assertThat(text(cut, "flyball.attempt.request_model")).isEqualTo("gpt-4o");
    assertThat(number(cut, "flyball.attempt.output_tokens")).isEqualTo(40);
    assertThat(dollars(cut, "flyball.attempt.usd")).isEqualTo(Double.parseDouble(CUT_USD));
    assertThat(text(served, "flyball.attempt.provider")).isEqualTo("gcp.gemini");
    assertThat(text(served, "flyball.attempt.response_model")).isEqualTo("gemini-2.5-pro");
    assertThat(number(served, "flyball.attempt.output_tokens")).isEqualTo(20);
    assertThat(dollars(cut, "flyball.attempt.usd") + dollars(served, "flyball.attempt.usd"))
        .isEqualTo(Double.parseDouble(SUM_USD));
    assertThat(text(call, "gen_ai.provider.name")).isEqualTo("gcp.gemini");
    assertThat(text(call, "gen_ai.request.model")).isEqualTo("gpt-4o");
    assertThat(text(call, "server.address")).isEqualTo("generativelanguage.googleapis.com");
    assertThat(number(call, "gen_ai.usage.output_tokens")).isEqualTo(20);
    assertThat(dollars(call, "flyball.cost.usd")).isEqualTo(Double.parseDouble(SUM_USD));
    assertThat(dollars(call, "flyball.cost.wasted.usd")).isEqualTo(Double.parseDouble(CUT_USD));
  }

  @Test
  void theConsoleSumsUpTheSame() throws Exception {
    CallHistory history = new CallHistory(5);
    history.callEnded(fallenBack());

    assertThat(history.totals().costUsd()).isEqualByComparingTo(SUM_USD);
    assertThat(history.totals().wastedUsd()).isEqualByComparingTo(CUT_USD);
    CallTotals openAi = history.totalsBy(CallHistory.Dimension.PROVIDER).get("openai");
    CallTotals google = history.totalsBy(CallHistory.Dimension.PROVIDER).get("gcp.gemini");
    assertThat(openAi.costUsd()).isEqualByComparingTo(CUT_USD);
    assertThat(openAi.calls()).isZero();
    assertThat(google.costUsd()).isEqualByComparingTo(SERVED_USD);
    assertThat(google.wastedUsd()).isZero();
    assertThat(google.calls()).isEqualTo(1);
    assertThat(history.totalsBy(CallHistory.Dimension.MODEL))
        .containsOnlyKeys("gpt-4o", "gemini-2.5-pro");
  }

  private static String text(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  private static Long number(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.longKey(name));
  }

  private static Double dollars(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.doubleKey(name));
  }
}
