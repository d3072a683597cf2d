package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonDocument;
import io.flyball.protocol.sse.SseEvent;
import io.flyball.protocol.sse.WholeEvents;
import java.util.Arrays;

/** The last event of a stream that broke off, which no blank line ended. */
final class TornEvents {
  private static final byte[] DATA = {'d', 'a', 't', 'a'};

  private TornEvents() {}

  /**
   * Whether nothing of the event is missing but its blank line: its last line is the one with the
   * data, and that is all there.
   *
   * @param named whether events of this stream have names, which may also come after the data
   */
  static boolean isWhole(SseEvent event, boolean named) {
    return event.dataLength() > 0
        && endsWithData(event)
        && (StreamTrack.isDone(event)
            || (!named || event.name() != null) && WholeEvents.isWhole(event));
  }

  /** Whether surely some of its data is missing. */
  static boolean isHalf(SseEvent event) {
    return event.dataLength() > 0
        && event.dataArray()[event.dataOffset()] == '{'
        && !JsonDocument.isReadable(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  private static boolean endsWithData(SseEvent event) {
    byte[] raw = event.rawBytes();
    int start = withoutLineEnd(raw, raw.length);
    while (start > 0 && raw[start - 1] != '\n' && raw[start - 1] != '\r') {
      start--;
    }
    for (int i = 0; i < DATA.length; i++) {
      if (start + i >= raw.length || raw[start + i] != DATA[i]) {
        return false;
      }
    }
    return true;
  }

  private static int withoutLineEnd(byte[] raw, int length) {
    int end = length;
    end -= end > 0 && raw[end - 1] == '\n' ? 1 : 0;
    end -= end > 0 && raw[end - 1] == '\r' ? 1 : 0;
    return end;
  }

  /** Its bytes, and the blank line that it lacks. */
  static byte[] ended(SseEvent event) {
    byte[] raw = event.rawBytes();
    int length = raw.length;
    byte last = length == 0 ? 0 : raw[length - 1];
    // After a carriage return a line feed ends no further line.
    int lacking = last == '\n' ? 1 : 2;
    byte[] ended = Arrays.copyOf(raw, length + lacking);
    Arrays.fill(ended, length, ended.length, (byte) '\n');
    return ended;
  }
}
