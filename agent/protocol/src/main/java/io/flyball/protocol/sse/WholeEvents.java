package io.flyball.protocol.sse;

import io.flyball.protocol.json.JsonDocument;

/** Whether all of an event is there, but for the blank line that ends it. */
public final class WholeEvents {
  private WholeEvents() {}

  /** Whether the data is a whole JSON object, or says that the stream is done. */
  public static boolean isWhole(SseEvent event) {
    return event.dataLength() > 0
        && (event.dataIs("[DONE]")
            || event.dataArray()[event.dataOffset()] == '{'
                && JsonDocument.isReadable(
                    event.dataArray(), event.dataOffset(), event.dataLength()));
  }
}
