package io.flyball.protocol.conversation.answer;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Server-sent events being written, until somebody takes them. */
final class EventOutput {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  private byte[] out = new byte[0];
  private int length;

  void data(String data) {
    text("data: ").text(data).text("\n\n");
  }

  void data(JsonOutput json) {
    data(json.toString());
  }

  /**
   * @param name null for an event without one
   */
  void event(String name, JsonOutput json) {
    if (name != null) {
      text("event: ").text(name).text("\n");
    }
    data(json);
  }

  /** The event as Gemini separates them. */
  void dataWithCarriageReturns(JsonOutput json) {
    text("data: ").text(json.toString()).text("\r\n\r\n");
  }

  private EventOutput text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    raw(bytes, 0, bytes.length);
    return this;
  }

  void raw(byte[] bytes, int offset, int count) {
    if (count > out.length - length) {
      out = Arrays.copyOf(out, Math.max(out.length * 2, Math.max(512, length + count)));
    }
    System.arraycopy(bytes, offset, out, length, count);
    length += count;
  }

  boolean isEmpty() {
    return length == 0;
  }

  /** What was written since the last time; the caller's own. */
  ByteBuffer take() {
    if (length == 0) {
      return NOTHING.duplicate();
    }
    ByteBuffer taken = ByteBuffer.wrap(out, 0, length);
    out = new byte[0];
    length = 0;
    return taken;
  }
}
