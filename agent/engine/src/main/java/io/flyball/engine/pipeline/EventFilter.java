package io.flyball.engine.pipeline;

import io.flyball.base.InternalErrors;
import io.flyball.engine.meter.TransformedBody;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.SseFilter;
import io.flyball.protocol.sse.SseSplitter;
import io.flyball.protocol.sse.WholeEvents;
import io.flyball.wire.Bodies;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Takes events out of a stream; when it breaks, the rest goes on as it comes. Events that are
 * surely wanted are not looked at.
 */
final class EventFilter implements TransformedBody.Transform {
  private final InternalErrors errors;
  private final BooleanSupplier allWanted;
  private final BooleanSupplier sealed;
  private final Runnable beforeLast;
  private SseFilter filter;

  /**
   * @param fates what becomes of each event
   * @param leavesEarly whether a whole event may go on before its blank line has come
   * @param allWanted asked whether all events that come next, and have passed the meter, are wanted
   * @param sealed asked whether these are, after all, bytes that no event can be seen in
   * @param beforeLast told that the stream is over: what comes now, if anything, no blank line ends
   */
  EventFilter(
      Function<SseEvent, SseFilter.Fate> fates,
      Predicate<SseEvent> leavesEarly,
      BooleanSupplier allWanted,
      BooleanSupplier sealed,
      Runnable beforeLast,
      InternalErrors errors) {
    this.filter =
        new SseFilter(
            event -> WholeEvents.isWhole(event) && leavesEarly.test(event),
            SseSplitter.DEFAULT_LIMIT,
            fates);
    this.allWanted = allWanted;
    this.sealed = sealed;
    this.beforeLast = beforeLast;
    this.errors = errors;
  }

  @Override
  public ByteBuffer feed(ByteBuffer bytes) {
    if (filter == null) {
      return bytes;
    }
    try {
      if (sealed.getAsBoolean()) {
        ByteBuffer held = filter.end();
        filter = null;
        return held.hasRemaining() ? Bodies.joined(held, bytes) : bytes;
      }
      return allWanted.getAsBoolean() ? filter.passBy(bytes) : filter.feed(bytes);
    } catch (RuntimeException broken) {
      filter = null;
      errors.report("filter", broken);
      return bytes;
    }
  }

  @Override
  public ByteBuffer end() {
    try {
      beforeLast.run();
      return filter == null ? null : filter.end();
    } catch (RuntimeException broken) {
      errors.report("filter", broken);
      return null;
    }
  }

  /**
   * Who reads no further is to have every byte that came, and the rest of an event goes with it.
   */
  @Override
  public ByteBuffer silent() {
    try {
      return filter == null ? null : filter.release();
    } catch (RuntimeException broken) {
      errors.report("filter", broken);
      return null;
    }
  }

  @Override
  public ByteBuffer cut() {
    return end();
  }
}
