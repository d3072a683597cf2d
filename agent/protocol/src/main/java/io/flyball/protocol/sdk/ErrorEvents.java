package io.flyball.protocol.sdk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/** Errors told inside a stream that has begun with status 200. */
public final class ErrorEvents {
  private static final int FRAME_OVERHEAD = 16;
  private static final byte STRING = 7;

  private ErrorEvents() {}

  /**
   * The protocol's own error event, to be sent where an event ends and as the last one.
   *
   * @return null when that SDK would not notice it: then the body must fail with an I/O error
   */
  public static byte[] of(String protocolId, Sdk sdk, RefusalKind kind, String message) {
    if (!sdk.noticesErrorEvents(protocolId)) {
      return null;
    }
    ErrorFormat format = ErrorFormat.of(protocolId);
    if (format == ErrorFormat.BEDROCK) {
      String payload = format.body(kind, kind.status(), message, null);
      return exceptionFrame(payload.getBytes(StandardCharsets.UTF_8));
    }
    return format.event(protocolId, kind, message).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * A frame of application/vnd.amazon.eventstream. It is a validationException whatever the reason:
   * for most others the AWS SDK sends the whole request again.
   */
  private static byte[] exceptionFrame(byte[] payload) {
    byte[] headers = exceptionHeaders();
    ByteBuffer frame = ByteBuffer.allocate(FRAME_OVERHEAD + headers.length + payload.length);
    frame.putInt(frame.capacity()).putInt(headers.length);
    frame.putInt(checksum(frame));
    frame.put(headers).put(payload);
    frame.putInt(checksum(frame));
    return frame.array();
  }

  private static byte[] exceptionHeaders() {
    ByteBuffer headers = ByteBuffer.allocate(128);
    header(headers, ":exception-type", "validationException");
    header(headers, ":content-type", "application/json");
    header(headers, ":message-type", "exception");
    byte[] bytes = new byte[headers.position()];
    System.arraycopy(headers.array(), 0, bytes, 0, bytes.length);
    return bytes;
  }

  private static void header(ByteBuffer headers, String name, String value) {
    headers.put((byte) name.length()).put(name.getBytes(StandardCharsets.US_ASCII));
    headers.put(STRING).putShort((short) value.length());
    headers.put(value.getBytes(StandardCharsets.US_ASCII));
  }

  /** Of all bytes written so far. */
  private static int checksum(ByteBuffer written) {
    CRC32 checksum = new CRC32();
    checksum.update(written.array(), 0, written.position());
    return (int) checksum.getValue();
  }
}
