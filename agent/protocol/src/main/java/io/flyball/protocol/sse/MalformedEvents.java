package io.flyball.protocol.sse;

import io.flyball.protocol.json.JsonDocument;

/**
 * Events that the stream of a model's answer cannot have: some SDKs die of them, others pass over
 * them in silence.
 */
public final class MalformedEvents {

  private MalformedEvents() {}

  /**
   * Whether the event's data is neither empty nor {@code [DONE]} nor begins with a JSON value.
   * Events without data (comments, keep-alives) are well formed, and so is JSON that only strict
   * readers refuse: what an application could read is not taken from it.
   */
  public static boolean isMalformed(SseEvent event) {
    return event.dataLength() > 0
        && !event.dataIs("[DONE]")
        && !JsonDocument.isReadable(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  /**
   * A filter that takes such events out of a stream and counts them. Half an event at the end of a
   * stream is one of them.
   */
  public static SseFilter filter() {
    return new SseFilter(MalformedEvents::isMalformed);
  }
}
