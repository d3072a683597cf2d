package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Operation;
import io.flyball.protocol.RequestFacts;
import io.flyball.protocol.ResponseFacts;
import io.flyball.protocol.Usage;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.AttributeType;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.data.HistogramPointData;
import io.opentelemetry.sdk.metrics.data.MetricData;
import io.opentelemetry.sdk.metrics.data.MetricDataType;
import io.opentelemetry.sdk.testing.exporter.InMemoryMetricReader;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is emitted, field by field, against the conventions for generative AI. */
class GenAiConventionsTest {
  /** Attributes of an inference or embeddings span, with their types. */
  private static final Map<String, AttributeType> SPAN = new HashMap<>();

  private static final Set<String> REQUIRED =
      new HashSet<>(Arrays.asList("gen_ai.operation.name", "gen_ai.provider.name"));

  /** Those of the conventions' client metrics. */
  private static final Set<String> METRIC =
      new HashSet<>(
          Arrays.asList(
              "gen_ai.operation.name",
              "gen_ai.provider.name",
              "gen_ai.request.model",
              "gen_ai.response.model",
              "server.address",
              "server.port",
              "error.type",
              "gen_ai.token.type"));

  /** Our own namespace: what has no convention. */
  private static final String OWN = "flyball.";

  static {
    for (String name :
        new String[] {
          "gen_ai.operation.name",
          "gen_ai.provider.name",
          "gen_ai.request.model",
          "gen_ai.response.model",
          "gen_ai.response.id",
          "gen_ai.output.type",
          "gen_ai.input.messages",
          "gen_ai.output.messages",
          "server.address",
          "error.type",
          "openai.api.type",
          "openai.request.service_tier",
          "openai.response.service_tier",
          "openai.response.system_fingerprint"
        }) {
      SPAN.put(name, AttributeType.STRING);
    }
    for (String name :
        new String[] {
          "server.port",
          "gen_ai.request.choice.count",
          "gen_ai.request.seed",
          "gen_ai.request.max_tokens",
          "gen_ai.usage.input_tokens",
          "gen_ai.usage.output_tokens",
          "gen_ai.usage.cache_read.input_tokens",
          "gen_ai.usage.cache_creation.input_tokens",
          "gen_ai.usage.reasoning.output_tokens"
        }) {
      SPAN.put(name, AttributeType.LONG);
    }
    for (String name :
        new String[] {
          "gen_ai.request.temperature",
          "gen_ai.request.top_p",
          "gen_ai.request.top_k",
          "gen_ai.request.frequency_penalty",
          "gen_ai.request.presence_penalty",
          "gen_ai.response.time_to_first_chunk"
        }) {
      SPAN.put(name, AttributeType.DOUBLE);
    }
    SPAN.put("gen_ai.request.stream", AttributeType.BOOLEAN);
    SPAN.put("gen_ai.request.stop_sequences", AttributeType.STRING_ARRAY);
    SPAN.put("gen_ai.response.finish_reasons", AttributeType.STRING_ARRAY);
  }

  /** A call of which everything is known. */
  private static CallRecord everything() {
    RequestFacts request =
        SampleCalls.request().stream(true)
            .maxOutputTokens(500L)
            .temperature(0.2)
            .topP(0.9)
            .topK(40.0)
            .frequencyPenalty(0.1)
            .presencePenalty(0.1)
            .seed(7L)
            .choices(2)
            .stopSequences(Collections.singletonList("END"))
            .outputType("json")
            .serviceTier("auto")
            .build();
    ResponseFacts response =
        ResponseFacts.builder()
            .id("chatcmpl-1")
            .model("gpt-4o-2024-08-06")
            .finishReasons(Collections.singletonList("stop"))
            .serviceTier("default")
            .systemFingerprint("fp")
            .usage(SampleCalls.usage())
            .complete(true)
            .build();
    Usage usage =
        Usage.builder(Usage.Source.REPORTED)
            .input(2_006)
            .cacheRead(1_000)
            .cacheWrite5m(100)
            .output(300)
            .reasoning(20)
            .build();
    CallRecord sample = SampleCalls.answered().build();
    return CallRecord.builder("call-1", request)
        .response(response)
        .attribution(sample.attribution())
        .attempts(
            Arrays.asList(
                SampleCalls.attempt(1, 503, Outcome.ERROR, "503"),
                SampleCalls.attempt(2, 200, Outcome.SUCCESS, null)))
        .outcome(Outcome.SUCCESS, 200, null)
        .usage(usage)
        .costUsd(sample.costUsd())
        .times(SampleCalls.START, SampleCalls.START + 2 * SampleCalls.SECOND)
        .timeToFirstTokenNanos(SampleCalls.SECOND / 2)
        .contentChunks(4)
        .captured("{\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}", "hello")
        .build();
  }

  private static List<SpanData> spansOf(CallRecord record) {
    InMemorySpanExporter exported = InMemorySpanExporter.create();
    try (OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exported))
                    .build())
            .build()) {
      new SpanListener(sdk, "1").record(record);
      return exported.getFinishedSpanItems();
    }
  }

  @Test
  void everyAttributeOfASpanIsOneOfTheConventionsOrOurs() {
    for (CallRecord record :
        Arrays.asList(
            everything(),
            SampleCalls.answered().build(),
            SampleCalls.failed(429, "rate_limit_exceeded").build(),
            SampleCalls.refused("flyball_rate_limited").build())) {
      for (SpanData span : spansOf(record)) {
        boolean attempt = span.getName().startsWith("attempt ");
        assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
        Set<String> names = new HashSet<>();
        span.getAttributes()
            .forEach(
                (key, value) -> {
                  names.add(key.getKey());
                  if (!key.getKey().startsWith(OWN)
                      && !(attempt && key.getKey().equals("http.response.status_code"))) {
                    assertThat(SPAN).containsEntry(key.getKey(), key.getType());
                  }
                });
        if (attempt) {
          assertThat(names).noneMatch(name -> name.startsWith("gen_ai."));
        } else {
          assertThat(names).containsAll(REQUIRED);
          assertThat(span.getName()).isEqualTo("chat gpt-4o");
        }
      }
    }
  }

  @Test
  void whatIsKnownIsEmitted() {
    List<SpanData> spans = spansOf(everything());
    Set<String> names = new HashSet<>();
    spans.get(spans.size() - 1).getAttributes().forEach((key, value) -> names.add(key.getKey()));
    Set<String> expected = new HashSet<>(SPAN.keySet());
    expected.remove("error.type");
    assertThat(names).containsAll(expected);
  }

  @Test
  void theOperationsAreThoseOfTheConventions() {
    assertThat(Arrays.stream(Operation.values()).map(Operation::telemetryName))
        .contains("chat", "embeddings", "text_completion");
  }

  @Test
  void everyClientMetricIsThatOfTheConventions() {
    InMemoryMetricReader reader = InMemoryMetricReader.create();
    try (OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setMeterProvider(SdkMeterProvider.builder().registerMetricReader(reader).build())
            .build()) {
      MetricsListener listener =
          new MetricsListener(new OtelInstruments(sdk, "1"), 100, () -> 0, () -> 0);
      listener.callEnded(everything());
      listener.callEnded(SampleCalls.failed(429, "rate_limit_exceeded").build());
      Map<String, String> units = new HashMap<>();
      for (MetricData metric : reader.collectAllMetrics()) {
        assertThat(metric.getUnit()).as(metric.getName()).isNotEqualTo("1");
        if (metric.getName().startsWith("gen_ai.")) {
          units.put(metric.getName(), metric.getUnit());
          judge(metric);
        } else {
          assertThat(metric.getName()).startsWith(OWN);
        }
      }
      Map<String, String> expected = new HashMap<>();
      expected.put("gen_ai.client.token.usage", "{token}");
      expected.put("gen_ai.client.operation.duration", "s");
      expected.put("gen_ai.client.operation.time_to_first_chunk", "s");
      expected.put("gen_ai.client.operation.time_per_output_chunk", "s");
      assertThat(units).isEqualTo(expected);
    }
  }

  private static void judge(MetricData metric) {
    assertThat(metric.getType()).isEqualTo(MetricDataType.HISTOGRAM);
    for (HistogramPointData point : metric.getHistogramData().getPoints()) {
      Set<String> names = new HashSet<>();
      for (AttributeKey<?> key : point.getAttributes().asMap().keySet()) {
        names.add(key.getKey());
        assertThat(key.getType())
            .isEqualTo(
                key.getKey().equals("server.port") ? AttributeType.LONG : AttributeType.STRING);
      }
      assertThat(METRIC).containsAll(names);
      assertThat(names).containsAll(REQUIRED);
      boolean tokens = metric.getName().endsWith("token.usage");
      assertThat(names.contains("gen_ai.token.type")).isEqualTo(tokens);
      assertThat(point.getBoundaries()).hasSize(14);
      assertThat(point.getBoundaries().get(0)).isEqualTo(tokens ? 1 : 0.01);
      assertThat(point.getBoundaries().get(13)).isEqualTo(tokens ? 67_108_864 : 81.92);
    }
  }
}
