package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.flyball.protocol.Usage;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SpanListenerTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";

  private final InMemorySpanExporter exported = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exported))
                  .build())
          .build();
  private final SpanListener listener = new SpanListener(sdk, "1.2.3");

  @AfterEach
  void close() {
    sdk.close();
  }

  @Test
  void makesASpanOfTheConventions() {
    SpanData span = spanOf(SampleCalls.answered().build());

    assertThat(span.getName()).isEqualTo("chat gpt-4o");
    assertThat(span.getKind()).isEqualTo(SpanKind.CLIENT);
    assertThat(span.getStartEpochNanos()).isEqualTo(SampleCalls.START);
    assertThat(span.getEndEpochNanos()).isEqualTo(SampleCalls.START + 2 * SampleCalls.SECOND);
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getInstrumentationScopeInfo().getName()).isEqualTo("io.flyball");
    assertThat(span.getInstrumentationScopeInfo().getVersion()).isEqualTo("1.2.3");
    assertThat(span.getInstrumentationScopeInfo().getSchemaUrl())
        .isEqualTo("https://opentelemetry.io/schemas/1.41.1");
    assertThat(text(span, "gen_ai.operation.name")).isEqualTo("chat");
    assertThat(text(span, "gen_ai.provider.name")).isEqualTo("openai");
    assertThat(text(span, "gen_ai.request.model")).isEqualTo("gpt-4o");
    assertThat(text(span, "gen_ai.response.model")).isEqualTo("gpt-4o-2024-08-06");
    assertThat(text(span, "gen_ai.response.id")).isEqualTo("chatcmpl-1");
    assertThat(text(span, "openai.api.type")).isEqualTo("chat_completions");
    assertThat(text(span, "server.address")).isEqualTo("api.openai.com");
    assertThat(number(span, "server.port")).isEqualTo(443);
    assertThat(number(span, "gen_ai.request.max_tokens")).isEqualTo(500);
    assertThat(span.getAttributes().get(AttributeKey.doubleKey("gen_ai.request.temperature")))
        .isEqualTo(0.2);
    assertThat(span.getAttributes().get(AttributeKey.booleanKey("gen_ai.request.stream"))).isTrue();
    assertThat(
            span.getAttributes().get(AttributeKey.stringArrayKey("gen_ai.response.finish_reasons")))
        .containsExactly("stop");
    assertThat(
            span.getAttributes().get(AttributeKey.doubleKey("gen_ai.response.time_to_first_chunk")))
        .isEqualTo(0.5);
    assertThat(number(span, "gen_ai.usage.input_tokens")).isEqualTo(2_006);
    assertThat(number(span, "gen_ai.usage.output_tokens")).isEqualTo(300);
    assertThat(number(span, "gen_ai.usage.cache_read.input_tokens")).isEqualTo(1_920);
    assertThat(number(span, "gen_ai.usage.reasoning.output_tokens")).isEqualTo(20);
  }

  @Test
  void addsWhatHasNoConvention() {
    SpanData span = spanOf(SampleCalls.answered().build());

    assertThat(text(span, "flyball.call.id")).isEqualTo("call-1");
    assertThat(text(span, "flyball.feature")).isEqualTo("search");
    assertThat(text(span, "flyball.tenant")).isEqualTo("acme");
    assertThat(span.getAttributes().get(AttributeKey.doubleKey("flyball.cost.usd")))
        .isEqualTo(new BigDecimal("0.005615").doubleValue());
    assertThat(span.getAttributes().get(AttributeKey.booleanKey("flyball.usage.estimated")))
        .isFalse();
  }

  @Test
  void saysWhenUsageWasCounted() {
    Usage partial = Usage.builder(Usage.Source.PARTIAL).input(10).output(2).build();
    SpanData span = spanOf(SampleCalls.answered().usage(partial).build());

    assertThat(span.getAttributes().get(AttributeKey.booleanKey("flyball.usage.estimated")))
        .isTrue();
    assertThat(text(span, "flyball.usage.source")).isEqualTo("partial");
  }

  @Test
  void aFailedCallIsAnError() {
    SpanData span = spanOf(SampleCalls.failed(429, "rate_limit_exceeded").build());

    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(text(span, "error.type")).isEqualTo("rate_limit_exceeded");
    assertThat(number(span, "gen_ai.usage.input_tokens")).isNull();
  }

  @Test
  void everyAttemptIsAChild() {
    CallRecord record =
        SampleCalls.answered()
            .attempts(
                Arrays.asList(
                    SampleCalls.attempt(1, 503, Outcome.ERROR, "503"),
                    SampleCalls.attempt(2, 200, Outcome.SUCCESS, null)))
            .build();

    SpanData call = spanOf(record);
    List<SpanData> attempts = exported.getFinishedSpanItems().subList(0, 2);

    assertThat(attempts).extracting(SpanData::getParentSpanId).containsOnly(call.getSpanId());
    assertThat(attempts).extracting(SpanData::getKind).containsOnly(SpanKind.CLIENT);
    assertThat(attempts)
        .extracting(each -> number(each, "http.response.status_code"))
        .containsExactly(503L, 200L);
    assertThat(attempts)
        .extracting(each -> number(each, "flyball.attempt"))
        .containsExactly(1L, 2L);
    assertThat(text(attempts.get(0), "error.type")).isEqualTo("503");
    assertThat(attempts.get(0).getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
    assertThat(attempts.get(0).getStartEpochNanos()).isEqualTo(SampleCalls.START + 1_000_000);
    assertThat(call.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
  }

  @Test
  void joinsTheTraceOfTheRequest() {
    SpanData span =
        spanOf(
            SampleCalls.answered()
                .traceparent("00-" + TRACE + '-' + PARENT + "-01")
                .parentContext(contextOf("11111111111111111111111111111111"))
                .build());

    assertThat(span.getTraceId()).isEqualTo(TRACE);
    assertThat(span.getParentSpanId()).isEqualTo(PARENT);
  }

  @Test
  void joinsTheCapturedContextWhenTheRequestHasNoUsableTrace() {
    SpanData span =
        spanOf(
            SampleCalls.answered().traceparent("garbage").parentContext(contextOf(TRACE)).build());

    assertThat(span.getTraceId()).isEqualTo(TRACE);
  }

  @Test
  void startsATraceOtherwiseWhichTheRecordKnows() {
    CallRecord record =
        listener.record(SampleCalls.answered().parentContext("of another telemetry").build());

    List<SpanData> spans = exported.getFinishedSpanItems();
    SpanData span = spans.get(spans.size() - 1);
    assertThat(span.getParentSpanContext().isValid()).isFalse();
    assertThat(span.getSpanContext().isValid()).isTrue();
    assertThat(record.traceId()).isEqualTo(span.getTraceId());
    assertThat(TraceParents.traceIdOf(record)).isEqualTo(span.getTraceId());
    assertThat(TraceParents.traceIdOf(SampleCalls.answered().build())).isNull();
    assertThat(new SpanListener(OpenTelemetry.noop(), "1").record(record).traceId())
        .isEqualTo(span.getTraceId());
  }

  @Test
  void contentIsOnlyThereWhenItWasCaptured() {
    SpanData without = spanOf(SampleCalls.answered().build());
    assertThat(text(without, "gen_ai.input.messages")).isNull();
    exported.reset();

    SpanData with =
        spanOf(
            SampleCalls.answered()
                .captured(
                    "{\"messages\":[{\"role\":\"system\",\"content\":\"brief\"},"
                        + "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"hi\"},"
                        + "{\"type\":\"image_url\",\"image_url\":{}}]}]}",
                    "hello")
                .build());

    assertThat(text(with, "gen_ai.input.messages"))
        .isEqualTo(
            "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"brief\"}]},"
                + "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"},"
                + "{\"type\":\"image_url\"}]}]");
    assertThat(text(with, "gen_ai.output.messages"))
        .isEqualTo(
            "[{\"role\":\"assistant\",\"parts\":[{\"type\":\"text\",\"content\":\"hello\"}],"
                + "\"finish_reason\":\"stop\"}]");
  }

  @Test
  void contentOfGeminiHasPartsAlready() {
    SpanData span =
        spanOf(
            SampleCalls.answered()
                .captured(
                    "{\"systemInstruction\":{\"role\":\"model\",\"parts\":{\"text\":\"brief\"}},"
                        + "\"contents\":[{\"parts\":[{\"text\":\"hi\"}]},{\"role\":\"model\","
                        + "\"parts\":[{\"functionCall\":{\"name\":\"f\"}}]}]}",
                    null)
                .build());

    assertThat(text(span, "gen_ai.input.messages"))
        .isEqualTo(
            "[{\"role\":\"system\",\"parts\":[{\"type\":\"text\",\"content\":\"brief\"}]},"
                + "{\"role\":\"user\",\"parts\":[{\"type\":\"text\",\"content\":\"hi\"}]},"
                + "{\"role\":\"assistant\",\"parts\":[{\"type\":\"unknown\"}]}]");
  }

  @Test
  void contentThatWasCutIsShownAsItIs() {
    SpanData span =
        spanOf(SampleCalls.answered().captured("{\"messages\":[{\"ro[cut]", null).build());

    assertThat(text(span, "gen_ai.input.messages")).contains("[cut]").startsWith("[{\"role\"");
  }

  private SpanData spanOf(CallRecord record) {
    listener.record(record);
    List<SpanData> spans = exported.getFinishedSpanItems();
    return spans.get(spans.size() - 1);
  }

  private static Context contextOf(String traceId) {
    return Context.root()
        .with(
            Span.wrap(
                SpanContext.create(
                    traceId, PARENT, TraceFlags.getSampled(), TraceState.getDefault())));
  }

  private static String text(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.stringKey(name));
  }

  private static Long number(SpanData span, String name) {
    return span.getAttributes().get(AttributeKey.longKey(name));
  }
}
