package io.flyball.protocol.conversation.answer;

import io.flyball.protocol.json.JsonSyntax;
import io.flyball.protocol.sse.SseEvent;
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
    if (event.dataLength() == 0 || !endsWithData(event)) {
      return false;
    }
    if (StreamTrack.isDone(event)) {
      return true;
    }
    return (!named || event.name() != null)
        && event.dataArray()[event.dataOffset()] == '{'
        && JsonSyntax.isOneValue(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  /** Whether surely some of its data is missing. */
  static boolean isHalf(SseEvent event) {
    return event.dataLength() > 0
        && event.dataArray()[event.dataOffset()] == '{'
        && !JsonSyntax.isOneValue(event.dataArray(), event.dataOffset(), event.dataLength());
  }

  private static boolean endsWithData(SseEvent event) {
    byte[] raw = event.rawArray();
    int start = withoutLineEnd(raw, event.rawLength());
    while (start > 0 && raw[start - 1] != '\n' && raw[start - 1] != '\r') {
      start--;
    }
    for (int i = 0; i < DATA.length; i++) {
      if (start + i >= event.rawLength() || raw[start + i] != DATA[i]) {
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
    int length = event.rawLength();
    byte last = length == 0 ? 0 : event.rawArray()[length - 1];
    // After a carriage return a line feed ends no further line.
    int lacking = last == '\n' ? 1 : 2;
    byte[] ended = Arrays.copyOf(event.rawArray(), length + lacking);
    Arrays.fill(ended, length, ended.length, (byte) '\n');
    return ended;
  }
}
