package io.flyball.engine.pipeline;

import io.flyball.engine.call.InternalErrors;
import io.flyball.engine.meter.AnswerMeter;
import io.flyball.engine.meter.ObservedBody;
import io.flyball.engine.wire.Completions;
import io.flyball.protocol.sse.SseFilter;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A stream of events without those a filter takes out. Reads only when it is read. */
final class FilteredBody implements ObservedBody {
  private final ObservedBody body;
  private final InternalErrors errors;
  private SseFilter filter;
  private CompletionStage<ByteBuffer> last;

  FilteredBody(ObservedBody body, SseFilter filter, InternalErrors errors) {
    this.body = body;
    this.filter = filter;
    this.errors = errors;
  }

  @Override
  public AnswerMeter answer() {
    return body.answer();
  }

  @Override
  public CompletionStage<ByteBuffer> read() {
    if (last != null) {
      return last;
    }
    CompletionStage<ByteBuffer> next = body.read();
    return Completions.then(
        next,
        (bytes, failure) -> {
          ByteBuffer passed = bytes == null ? end(failure) : feed(bytes);
          if (passed == null) {
            return last;
          }
          if (!passed.hasRemaining()) {
            return readOn();
          }
          return passed == bytes ? next : Completions.completed(passed);
        });
  }

  /** Reads until something can go on. */
  private CompletionStage<ByteBuffer> readOn() {
    CompletableFuture<ByteBuffer> result = new CompletableFuture<>();
    Completions.repeat(
        body::read,
        (bytes, failure) -> {
          ByteBuffer passed = bytes == null ? end(failure) : feed(bytes);
          if (passed == null) {
            Completions.forward(last, result);
          } else if (passed.hasRemaining()) {
            result.complete(passed);
          } else {
            return true;
          }
          return false;
        });
    return result;
  }

  private ByteBuffer feed(ByteBuffer bytes) {
    if (filter == null) {
      return bytes;
    }
    try {
      return filter.feed(bytes);
    } catch (RuntimeException broken) {
      filter = null;
      errors.report("filter", broken);
      return bytes;
    }
  }

  /** What the filter still held back, or null when it held nothing. */
  private ByteBuffer end(Throwable failure) {
    CompletionStage<ByteBuffer> end =
        failure == null ? Completions.completed(null) : Completions.failed(failure);
    last = end;
    ByteBuffer held = null;
    if (filter != null) {
      try {
        held = filter.end();
      } catch (RuntimeException broken) {
        errors.report("filter", broken);
      }
      filter = null;
    }
    return held != null && held.hasRemaining() ? held : null;
  }

  @Override
  public void close() {
    body.close();
  }
}
