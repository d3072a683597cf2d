package io.flyball.engine.telemetry.otlp;

import io.flyball.base.InternalErrors;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The SDK's batch processor behind a bound of our own: spans that find the queue full are dropped
 * here and reported once, where the SDK would log through java.util.logging, which is the
 * application's.
 */
final class SpanQueue implements SpanProcessor {
  private static final String PLACE = "export of traces, queue";

  private final int capacity;
  private final InternalErrors errors;
  private final AtomicInteger waiting = new AtomicInteger();
  private final Consumer<String> warnings;
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicBoolean told = new AtomicBoolean();
  private final SpanProcessor batches;

  SpanQueue(
      SpanExporter exporter,
      OtlpSettings settings,
      InternalErrors errors,
      Consumer<String> warnings) {
    this.warnings = warnings;
    this.capacity = settings.maxQueueSize();
    this.errors = errors;
    this.batches =
        BatchSpanProcessor.builder(new Counting(exporter))
            .setScheduleDelay(settings.scheduleDelay())
            .setMaxQueueSize(capacity)
            .setMaxExportBatchSize(settings.maxBatchSize())
            .build();
  }

  @Override
  public void onStart(Context parentContext, ReadWriteSpan span) {}

  @Override
  public boolean isStartRequired() {
    return false;
  }

  @Override
  public void onEnd(ReadableSpan span) {
    if (!span.getSpanContext().isSampled()) {
      return;
    }
    if (waiting.incrementAndGet() > capacity) {
      waiting.decrementAndGet();
      if (full.compareAndSet(false, true)) {
        String why = "more than " + capacity + " spans wait to be sent (otel.bsp.max.queue.size)";
        if (told.compareAndSet(false, true)) {
          warnings.accept("spans are dropped: " + why);
        }
        errors.reportTold(PLACE, new RejectedExecutionException(why));
      }
      return;
    }
    batches.onEnd(span);
  }

  @Override
  public boolean isEndRequired() {
    return true;
  }

  @Override
  public CompletableResultCode forceFlush() {
    return batches.forceFlush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return batches.shutdown();
  }

  /** Spans that have not been sent, or are just being. */
  int waiting() {
    return waiting.get();
  }

  private void exported(int spans) {
    waiting.addAndGet(-spans);
    full.set(false);
  }

  /** Gives back the places of the spans that left. */
  private final class Counting implements SpanExporter {
    private final SpanExporter exporter;

    Counting(SpanExporter exporter) {
      this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
      int count = spans.size();
      try {
        return exporter.export(spans).whenComplete(() -> exported(count));
      } catch (Throwable e) {
        // The SDK lets its thread end with an error of the JVM: nothing would be sent any more.
        errors.report("export of traces", e);
        exported(count);
        return CompletableResultCode.ofSuccess();
      }
    }

    @Override
    public CompletableResultCode flush() {
      return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
      return exporter.shutdown();
    }
  }
}
