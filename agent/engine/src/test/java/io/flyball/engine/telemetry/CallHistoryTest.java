package io.flyball.engine.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.flyball.engine.call.Attribution;
import io.flyball.engine.call.CallRecord;
import io.flyball.engine.call.Outcome;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class CallHistoryTest {
  private final CallHistory history = new CallHistory(3);

  @Test
  void sumsUpCalls() {
    history.callEnded(SampleCalls.answered().build());
    history.callEnded(SampleCalls.answered().costUsd(null).build());
    history.callEnded(SampleCalls.failed(500, "server_error").build());

    CallTotals totals = history.totals();
    assertThat(totals.calls()).isEqualTo(3);
    assertThat(totals.attempts()).isEqualTo(3);
    assertThat(totals.outcomes())
        .containsEntry(Outcome.SUCCESS, 2L)
        .containsEntry(Outcome.ERROR, 1L)
        .hasSize(2);
    assertThat(totals.inputTokens()).isEqualTo(4_012);
    assertThat(totals.cachedInputTokens()).isEqualTo(3_840);
    assertThat(totals.outputTokens()).isEqualTo(600);
    assertThat(totals.costUsd()).isEqualByComparingTo("0.005615");
    assertThat(totals.unpricedCalls()).isEqualTo(1);
    assertThat(totals.estimatedCalls()).isZero();
  }

  @Test
  void groupsByWhoIsCharged() {
    history.callEnded(SampleCalls.answered().build());
    history.callEnded(SampleCalls.answered().attribution(Attribution.NONE).build());

    Map<String, CallTotals> features = history.totalsBy(CallHistory.Dimension.FEATURE);
    assertThat(features).containsOnlyKeys("search", "");
    assertThat(history.totalsBy(CallHistory.Dimension.MODEL)).containsOnlyKeys("gpt-4o");
    assertThat(history.totalsBy(CallHistory.Dimension.PROVIDER).get("openai").calls()).isEqualTo(2);
  }

  @Test
  void remembersTheLastCallsWithoutContent() {
    for (int i = 0; i < 5; i++) {
      history.callEnded(
          CallRecord.builder("c" + i, SampleCalls.request().build())
              .outcome(Outcome.SUCCESS, 200, null)
              .captured("question", "answer")
              .content("question".getBytes(StandardCharsets.UTF_8), "answer")
              .build());
    }

    assertThat(history.lastCalls())
        .extracting(CallRecord::callId)
        .containsExactly("c4", "c3", "c2");
    assertThat(history.lastCalls()).allSatisfy(CallHistoryTest::holdsNoContent);
  }

  @Test
  void remembersTheTraceAndNothingElseOfTheApplicationsContext() {
    ContextKey<Object> key = ContextKey.named("of the application");
    SpanContext span =
        SpanContext.create(
            "0af7651916cd43dd8448eb211c80319c",
            "b7ad6b7169203331",
            TraceFlags.getSampled(),
            TraceState.getDefault());
    Context context = Context.root().with(Span.wrap(span)).with(key, new Object());
    history.callEnded(SampleCalls.answered().parentContext(context).build());

    CallRecord remembered = history.lastCalls().get(0);
    assertThat(TraceParents.traceIdOf(remembered)).isEqualTo(span.getTraceId());
    assertThat(((Context) remembered.parentContext()).get(key)).isNull();
  }

  private static void holdsNoContent(CallRecord record) {
    assertThat(record.capturedRequest()).isNull();
    assertThat(record.capturedResponse()).isNull();
    assertThat(record.requestBody()).isNull();
    assertThat(record.outputText()).isNull();
  }

  @Test
  void boundsTheGroups() {
    for (int i = 0; i < 1_100; i++) {
      history.callEnded(
          SampleCalls.answered()
              .attribution(new Attribution(null, "f" + i, null, null, null, null))
              .build());
    }

    Map<String, CallTotals> features = history.totalsBy(CallHistory.Dimension.FEATURE);
    assertThat(features).hasSize(1_001);
    assertThat(features.get("other").calls()).isEqualTo(100);
  }

  @Test
  void whatWasHandedOutStays() {
    CallTotals before = history.totals();
    history.callEnded(SampleCalls.answered().build());

    assertThat(before.calls()).isZero();
    assertThat(before.latencyNanos(0.5)).isZero();
  }

  @Property
  void latencyIsTenPercentTooHighAtMost(
      @ForAll @Size(min = 1, max = 50)
          java.util.List<@LongRange(min = 200_000, max = 3_000_000_000_000L) Long> nanos) {
    LatencyBuckets buckets = new LatencyBuckets();
    nanos.forEach(buckets::add);
    long longest = nanos.stream().mapToLong(Long::longValue).max().getAsLong();

    assertThat((double) buckets.quantile(1.0)).isBetween(longest * 0.999, longest * 1.101);
  }
}
