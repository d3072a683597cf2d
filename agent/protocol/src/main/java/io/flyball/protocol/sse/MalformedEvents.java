package io.flyball.protocol.sse;

import io.flyball.protocol.json.JsonSyntax;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Events that the stream of a model's answer cannot have: some SDKs die of them, others pass over
 * them in silence.
 */
public final class MalformedEvents {

  private MalformedEvents() {}

  /**
   * Whether the event's data is neither empty nor {@code [DONE]} nor exactly one JSON value. Events
   * without data (comments, keep-alives) are well formed, and so is JSON that only strict readers
   * refuse: what an application could read is not taken from it.
   */
  public static boolean isMalformed(SseEvent event) {
    return event.dataLength() > 0
        && !event.dataIs("[DONE]")
        && !JsonSyntax.isOneValue(event.dataArray(), event.dataOffset(), event.dataLength())
        && !isLenientJson(event.data());
  }

  /** Control characters in strings, and the numbers that JSON lacks. */
  private static boolean isLenientJson(byte[] data) {
    boolean string = false;
    for (int i = 0; i < data.length; i++) {
      byte b = data[i];
      if (string && b == '\\') {
        i++;
      } else if (b == '"') {
        string = !string;
      } else if (string && b >= 0 && b < ' ') {
        data[i] = ' ';
      } else if (!string && (b == 'N' || b == 'I')) {
        i = replaceNumber(data, i, b == 'N' ? "NaN" : "Infinity");
      }
    }
    return JsonSyntax.isOneValue(data, 0, data.length);
  }

  /** Gives the last byte that was looked at. */
  private static int replaceNumber(byte[] data, int start, String word) {
    int end = start + word.length();
    if (end > data.length
        || !new String(data, start, word.length(), StandardCharsets.ISO_8859_1).equals(word)) {
      return start;
    }
    Arrays.fill(data, start, end, (byte) '0');
    data[start] = '1';
    return end - 1;
  }

  /**
   * A filter that takes such events out of a stream and counts them. Half an event at the end of a
   * stream is one of them.
   */
  public static SseFilter filter() {
    return new SseFilter(MalformedEvents::isMalformed);
  }
}
