package io.flyball.engine.telemetry;

import io.flyball.engine.call.CallRecord;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.Collections;

/** Under which span a call was made. */
public final class TraceParents {
  private static final TextMapGetter<String> TRACEPARENT =
      new TextMapGetter<String>() {
        @Override
        @SuppressWarnings("deprecation") // still abstract in 1.67
        public Iterable<String> keys(String traceparent) {
          return Collections.singletonList("traceparent");
        }

        @Override
        public String get(String traceparent, String key) {
          return "traceparent".equalsIgnoreCase(key) ? traceparent : null;
        }
      };

  private TraceParents() {}

  /**
   * The context of the {@code traceparent} that the application put on the request, else the one
   * captured when the call began, else the root.
   */
  static Context of(CallRecord record) {
    if (record.traceparent() != null) {
      Context remote =
          W3CTraceContextPropagator.getInstance()
              .extract(Context.root(), record.traceparent(), TRACEPARENT);
      if (Span.fromContext(remote).getSpanContext().isValid()) {
        return remote;
      }
    }
    Object captured = record.parentContext();
    return captured instanceof Context ? (Context) captured : Context.root();
  }

  /**
   * The parent's identity without what else the application put in its context, to be kept longer
   * than the call; null when it was made outside a trace.
   */
  static Context spanAlone(CallRecord record) {
    SpanContext parent = Span.fromContext(of(record)).getSpanContext();
    return parent.isValid() ? Context.root().with(Span.wrap(parent)) : null;
  }

  /**
   * The trace a call belongs to, 32 hexadecimal digits: that of its own span; without one, that of
   * the span it was made under; null when there is neither.
   */
  public static String traceIdOf(CallRecord record) {
    if (record.traceId() != null) {
      return record.traceId();
    }
    SpanContext parent = Span.fromContext(of(record)).getSpanContext();
    return parent.isValid() ? parent.getTraceId() : null;
  }
}
